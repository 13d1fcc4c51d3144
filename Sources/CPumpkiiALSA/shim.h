// libasound as it is: what Swift cannot import (the alloca macros) has functions beside it. Header only.
#ifndef CPUMPKII_ALSA_H
#define CPUMPKII_ALSA_H

#include <alsa/asoundlib.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

// An eventfd that ends a wait; -errno where there is none.
static inline int pk_sound_waker(void) {
  int result = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return result == -1 ? -errno : result;
}

static inline void pk_sound_wake(int waker) {
  uint64_t one = 1;
  ssize_t ignored = write(waker, &one, sizeof one);
  (void)ignored;
}

// Takes a waker down; 1 where it was raised.
static inline int pk_sound_rest(int waker) {
  uint64_t count = 0;
  return read(waker, &count, sizeof count) == (ssize_t)sizeof count;
}

// poll(2); the result or -errno, reading errno after a Swift call boundary would be a race.
static inline int pk_sound_poll(struct pollfd *entries, unsigned count, int milliseconds) {
  int result = poll(entries, count, milliseconds);
  return result == -1 ? -errno : result;
}

// What alsa-lib would print on standard error is in the errors we throw.
static inline void pk_sound_ignore(const char *file, int line, const char *function, int error, const char *form, ...) {
  (void)file;
  (void)line;
  (void)function;
  (void)error;
  (void)form;
}

static inline void pk_sound_quiet(void) { snd_lib_error_set_handler(pk_sound_ignore); }

// Overwrites in a way the compiler must not leave out.
static inline void pk_sound_wipe(void *bytes, size_t count) {
  volatile unsigned char *at = bytes;
  while (count-- > 0) *at++ = 0;
}

#endif
