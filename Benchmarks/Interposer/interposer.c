// Loaded before a program (LD_PRELOAD), it gives the program a camera that plays a film, on machines that have none:
//
//   cc -O2 -shared -fPIC -o interposer.so Benchmarks/Interposer/*.c
//   LD_PRELOAD=$PWD/interposer.so PUMPKII_FILM=film.mjpeg v4l2-ctl -d /dev/video42 --stream-mmap
//
//   PUMPKII_FILM         the .mjpeg file, which starts anew at its end
//   PUMPKII_FILM_FPS     its pace (default 30)
//   PUMPKII_FILM_DEVICE  where the camera seems to be (default /dev/video42)
//
// For tests and benchmarks only. It answers as a kernel driver does, but for POLLERR where no buffer is queued.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "camera.h"

// The fortified forms have no prototype of their own to be found by name.
int __open_2(const char *path, int flags);
int __open64_2(const char *path, int flags);

static int open_at(int folder, const char *path, int flags, mode_t mode) {
  if (camera_is_at(path)) return camera_open(flags);
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

static mode_t mode_of(int flags, va_list rest) {
  return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(rest, mode_t) : 0;
}

#define OPEN(name)                                 \
  int name(const char *path, int flags, ...) {     \
    va_list rest;                                  \
    va_start(rest, flags);                         \
    mode_t mode = mode_of(flags, rest);            \
    va_end(rest);                                  \
    return open_at(AT_FDCWD, path, flags, mode);   \
  }
#define OPENAT(name)                                        \
  int name(int folder, const char *path, int flags, ...) {  \
    va_list rest;                                           \
    va_start(rest, flags);                                  \
    mode_t mode = mode_of(flags, rest);                     \
    va_end(rest);                                           \
    return open_at(folder, path, flags, mode);              \
  }

OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)
int __open_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }
int __open64_2(const char *path, int flags) { return open_at(AT_FDCWD, path, flags, 0); }

int close(int descriptor) {
  return camera_owns(descriptor) ? camera_close(descriptor) : (int)syscall(SYS_close, descriptor);
}

int dup(int descriptor) {
  return camera_owns(descriptor) ? camera_duplicate(descriptor) : (int)syscall(SYS_dup, descriptor);
}

int ioctl(int descriptor, unsigned long request, ...) {
  va_list rest;
  va_start(rest, request);
  void *argument = va_arg(rest, void *);
  va_end(rest);
  return camera_owns(descriptor) ? camera_ioctl(descriptor, request, argument)
                                 : (int)syscall(SYS_ioctl, descriptor, request, argument);
}

static void *map(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  if (camera_owns(descriptor)) return camera_map(address, length, protection, flags, offset);
  return (void *)syscall(SYS_mmap, address, length, protection, flags, descriptor, offset);
}

void *mmap(void *address, size_t length, int protection, int flags, int descriptor, off_t offset) {
  return map(address, length, protection, flags, descriptor, offset);
}

void *mmap64(void *address, size_t length, int protection, int flags, int descriptor, off64_t offset) {
  return map(address, length, protection, flags, descriptor, offset);
}

// A timer's read would give its expirations; the camera offers no read.
ssize_t read(int descriptor, void *bytes, size_t count) {
  if (!camera_owns(descriptor)) return syscall(SYS_read, descriptor, bytes, count);
  errno = EINVAL;
  return -1;
}

static int node(struct stat *about) {
  memset(about, 0, sizeof *about);
  about->st_mode = S_IFCHR | 0660;
  about->st_rdev = makedev(81, 42);
  about->st_nlink = 1;
  return 0;
}

int stat(const char *path, struct stat *about) {
  return camera_is_at(path) ? node(about) : fstatat(AT_FDCWD, path, about, 0);
}

// The same on machines of 64 bits, for programs built with large files asked for.
int stat64(const char *path, struct stat64 *about) { return stat(path, (struct stat *)about); }

int lstat(const char *path, struct stat *about) {
  return camera_is_at(path) ? node(about) : fstatat(AT_FDCWD, path, about, AT_SYMLINK_NOFOLLOW);
}

int fstat(int descriptor, struct stat *about) {
  return camera_owns(descriptor) ? node(about) : fstatat(descriptor, "", about, AT_EMPTY_PATH);
}

// v4l2-ctl asks sysfs what kind of node it has, by a stream whose descriptor it reads.
FILE *fopen64(const char *path, const char *mode) {
  static FILE *(*next)(const char *, const char *);
  if (strcmp(path, "/sys/dev/char/81:42/uevent") == 0) {
    static const char answer[] = "DEVNAME=video42\n";
    int file = memfd_create("uevent", MFD_CLOEXEC);
    if (file >= 0 && pwrite(file, answer, sizeof answer - 1, 0) > 0) return fdopen(file, mode);
  }
  if (next == NULL) *(void **)&next = dlsym(RTLD_NEXT, "fopen64");
  return next(path, mode);
}

int access(const char *path, int wish) {
  return camera_is_at(path) ? 0 : (int)syscall(SYS_faccessat, AT_FDCWD, path, wish);
}
