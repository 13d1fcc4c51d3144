// What Swift cannot see of linux/videodev2.h and friends: ioctl(2) is variadic, request numbers and pixel formats are
// function-like macros. Header only: nothing here is compiled by itself.
#ifndef CPUMPKII_V4L2_H
#define CPUMPKII_V4L2_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <linux/dma-buf.h>
#include <linux/netlink.h>
#include <linux/usbdevice_fs.h>
#include <linux/videodev2.h>
#include <libv4l-plugin.h>
#include <libv4lconvert.h>
#include <unistd.h>

// The result, or -errno: reading errno after a Swift call boundary would be a race. EINTR is retried, but not for ever.
static inline int pk_ioctl(int fd, unsigned long request, void *argument) {
  int result;
  for (int attempt = 0; attempt < 64; attempt++) {
    result = ioctl(fd, request, argument);
    if (result != -1 || errno != EINTR) break;
  }
  return result == -1 ? -errno : result;
}

static inline int pk_open(const char *path, int flags) {
  int result;
  do result = open(path, flags | O_CLOEXEC);
  while (result == -1 && errno == EINTR);
  return result == -1 ? -errno : result;
}

static inline int pk_eventfd(void) {
  int result = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  return result == -1 ? -errno : result;
}

// pipe2(2) by its number: glibc hides it without _GNU_SOURCE.
static inline int pk_pipe(int ends[2]) {
  return syscall(SYS_pipe2, ends, O_CLOEXEC) == -1 ? -errno : 0;
}

// glibc has them and hides them without _GNU_SOURCE.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

static inline int pk_inotify(void) {
  int result = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  return result == -1 ? -errno : result;
}

// A socket that hears the kernel's own uevents (multicast group 1; udev's are group 2).
static inline int pk_uevents(void) {
  struct sockaddr_nl address = {.nl_family = AF_NETLINK, .nl_groups = 1};
  int result = socket(AF_NETLINK, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
  if (result == -1) return -errno;
  if (bind(result, (struct sockaddr *)&address, sizeof address) == 0) return result;
  int problem = errno;
  close(result);
  return -problem;
}

// One datagram; 0 where it did not come from the kernel, as any program may send to such a socket.
static inline long pk_receive_uevent(int fd, void *bytes, unsigned long count) {
  struct sockaddr_nl from = {0};
  struct iovec part = {.iov_base = bytes, .iov_len = count};
  struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &part, .msg_iovlen = 1};
  long result = recvmsg(fd, &message, 0);
  if (result == -1) return -errno;
  return from.nl_pid == 0 ? result : 0;
}

#define PK_REQUEST(name) static const unsigned long PK_VIDIOC_##name = VIDIOC_##name
PK_REQUEST(QUERYCAP);
PK_REQUEST(ENUM_FMT);
PK_REQUEST(ENUM_FRAMESIZES);
PK_REQUEST(ENUM_FRAMEINTERVALS);
PK_REQUEST(G_FMT);
PK_REQUEST(S_FMT);
PK_REQUEST(TRY_FMT);
PK_REQUEST(G_PARM);
PK_REQUEST(S_PARM);
PK_REQUEST(ENUMINPUT);
PK_REQUEST(G_INPUT);
PK_REQUEST(S_INPUT);
PK_REQUEST(REQBUFS);
PK_REQUEST(QUERYBUF);
PK_REQUEST(QBUF);
PK_REQUEST(DQBUF);
PK_REQUEST(EXPBUF);
PK_REQUEST(STREAMON);
PK_REQUEST(STREAMOFF);
PK_REQUEST(QUERYCTRL);
PK_REQUEST(QUERY_EXT_CTRL);
PK_REQUEST(QUERYMENU);
PK_REQUEST(G_CTRL);
PK_REQUEST(S_CTRL);
PK_REQUEST(G_EXT_CTRLS);
PK_REQUEST(S_EXT_CTRLS);
PK_REQUEST(SUBSCRIBE_EVENT);
PK_REQUEST(UNSUBSCRIBE_EVENT);
PK_REQUEST(DQEVENT);
PK_REQUEST(ENCODER_CMD);
PK_REQUEST(TRY_ENCODER_CMD);
PK_REQUEST(G_SELECTION);
PK_REQUEST(S_SELECTION);
PK_REQUEST(QUERY_DV_TIMINGS);
PK_REQUEST(S_DV_TIMINGS);
PK_REQUEST(G_DV_TIMINGS);
static const unsigned long PK_USBDEVFS_RESET = USBDEVFS_RESET;
static const unsigned long PK_DMA_BUF_IOCTL_SYNC = DMA_BUF_IOCTL_SYNC;

#define PK_PIXELS(name) static const uint32_t PK_FOURCC_##name = V4L2_PIX_FMT_##name
PK_PIXELS(MJPEG);
PK_PIXELS(JPEG);
PK_PIXELS(H264);
PK_PIXELS(FWHT);
PK_PIXELS(YUYV);
PK_PIXELS(UYVY);
PK_PIXELS(NV12);
PK_PIXELS(NV12M);
PK_PIXELS(NV21);
PK_PIXELS(YUV420);
PK_PIXELS(YUV420M);
PK_PIXELS(YUV422P);
PK_PIXELS(YUV444M);
PK_PIXELS(GREY);
PK_PIXELS(RGB24);
PK_PIXELS(BGR24);

// libv4lconvert asks the device for formats and controls by itself, past DeviceKernel, and adds corrections of its own.
// It is given a device that answers nothing but one format, so that all it does is convert.
static inline int pk_convert_answer(void *state, int fd, unsigned long request, void *argument) {
  (void)state;
  (void)fd;
  struct v4l2_fmtdesc *entry = (struct v4l2_fmtdesc *)argument;
  if (request == VIDIOC_ENUM_FMT && entry->index == 0) {
    entry->pixelformat = V4L2_PIX_FMT_YUV420;
    return 0;
  }
  errno = request == VIDIOC_ENUM_FMT ? EINVAL : ENOTTY;
  return -1;
}

static const struct libv4l_dev_ops pk_convert_device = {.ioctl = pk_convert_answer};

static inline struct v4lconvert_data *pk_convert_create(void) {
  return v4lconvert_create_with_dev_ops(-1, NULL, &pk_convert_device);
}

#endif
