// A V4L2 capture device that plays a film at an exact pace. Everything that depends on time is worked out when somebody
// calls: between two calls the queues cannot change, so the result is the same as if a driver had worked in between.
#ifndef PUMPKII_INTERPOSER_CAMERA_H
#define PUMPKII_INTERPOSER_CAMERA_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// True when `path` names our device.
int camera_is_at(const char *path);
// A descriptor of it: a timer that is readable whenever a picture is ready, so that poll, select and epoll just work.
int camera_open(int flags);
// True when this descriptor is ours.
int camera_owns(int descriptor);
int camera_close(int descriptor);
// As dup(2).
int camera_duplicate(int descriptor);
// As ioctl(2): 0, or -1 with errno.
int camera_ioctl(int descriptor, unsigned long request, void *argument);
// As mmap(2): a view of the memory that the buffers lie in.
void *camera_map(void *address, size_t length, int protection, int flags, int64_t offset);

#endif
