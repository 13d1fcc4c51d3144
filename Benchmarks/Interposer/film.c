#define _GNU_SOURCE
#include "film.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is_frame_head(uint8_t marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
}

// The place behind the picture that begins at `at`, 0 when none does. Segments are walked, so that a thumbnail's EOI in
// an APP segment ends nothing.
static size_t picture_end(struct film *film, const uint8_t *bytes, size_t at, size_t end) {
  if (at + 4 > end || bytes[at] != 0xff || bytes[at + 1] != 0xd8) return 0;
  at += 2;
  while (at + 4 <= end && bytes[at] == 0xff) {
    uint8_t marker = bytes[at + 1];
    size_t length = (size_t)bytes[at + 2] << 8 | bytes[at + 3];
    if (is_frame_head(marker) && at + 9 <= end) {
      film->height = (uint32_t)bytes[at + 5] << 8 | bytes[at + 6];
      film->width = (uint32_t)bytes[at + 7] << 8 | bytes[at + 8];
    }
    at += 2 + length;
    if (marker == 0xda) break;
  }
  for (; at + 1 < end; at++) {
    if (bytes[at] == 0xff && bytes[at + 1] == 0xd9) return at + 2;
  }
  return 0;
}

static int add(struct film *film, struct picture picture) {
  if (film->count % 256 == 0) {
    struct picture *more = realloc(film->pictures, (film->count + 256) * sizeof *more);
    if (more == NULL) return -1;
    film->pictures = more;
  }
  film->pictures[film->count++] = picture;
  if (picture.count > film->largest) film->largest = picture.count;
  return 0;
}

// This file must not call what the interposer replaces: it runs inside those calls.
int film_load(struct film *film, const char *path) {
  film->file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (film->file < 0) return -1;
  off_t end = lseek(film->file, 0, SEEK_END);
  long view = end > 0 ? syscall(SYS_mmap, NULL, (size_t)end, PROT_READ, MAP_PRIVATE, film->file, 0) : -1;
  if (view == -1) return -1;
  size_t at = 0;
  while (at < (size_t)end) {
    size_t next = picture_end(film, (const uint8_t *)view, at, (size_t)end);
    if (next == 0 || add(film, (struct picture){at, next - at}) != 0) break;
    at = next;
    // What was read goes at once, so that the search does not make the program's peak.
    syscall(SYS_madvise, view, at & ~(size_t)4095, MADV_DONTNEED);
  }
  syscall(SYS_munmap, view, (size_t)end);
  return film->count > 0 && film->width > 0 && film->height > 0 ? 0 : -1;
}

size_t film_read(const struct film *film, uint64_t number, uint8_t *to) {
  struct picture picture = film->pictures[number % film->count];
  ssize_t count = pread(film->file, to, picture.count, (off_t)picture.start);
  return count > 0 ? (size_t)count : 0;
}
