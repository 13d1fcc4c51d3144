// What Swift cannot see of linux/videodev2.h and friends: ioctl(2) is variadic, request numbers and pixel formats are
// function-like macros. Header only: nothing here is compiled by itself.
#ifndef CPUMPKII_V4L2_H
#define CPUMPKII_V4L2_H

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <linux/dma-buf.h>
#include <linux/netlink.h>
#include <linux/usbdevice_fs.h>
#include <linux/videodev2.h>
#include <libv4lconvert.h>

// The result, or -errno: reading errno after a Swift call boundary would be a race. EINTR is retried.
static inline int pk_ioctl(int fd, unsigned long request, void *argument) {
  int result;
  do result = ioctl(fd, request, argument);
  while (result == -1 && errno == EINTR);
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

#endif
