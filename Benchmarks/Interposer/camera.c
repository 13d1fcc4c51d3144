#define _GNU_SOURCE
#include "camera.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "film.h"

enum { most_buffers = 8, most_handles = 16, second = 1000000000 };

enum place { with_program, queued, done };

struct buffer {
  enum place place;
  uint32_t used;
  uint32_t sequence;
  uint64_t time;
};

static struct {
  pthread_mutex_t lock;
  struct film film;
  uint64_t interval;  // ns
  uint32_t rate;
  int is_loaded;
  int handles[most_handles];
  int originals[most_handles];  // of a duplicate: what it was made of
  int owner;  // the handle that has buffers, -1
  int is_streaming;
  int memory;  // memfd of all buffers
  uint8_t *view;
  size_t room;  // bytes a buffer takes in it
  uint32_t count;
  struct buffer buffers[most_buffers];
  uint32_t waiting[most_buffers], waiting_count;  // queued, oldest first
  uint32_t ready[most_buffers], ready_count;      // done, oldest first
  uint64_t began;   // when picture 0 was due
  uint64_t next;    // the picture that is due next
} camera = {.lock = PTHREAD_MUTEX_INITIALIZER, .owner = -1, .memory = -1};

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * second + (uint64_t)time.tv_nsec;
}

static uint64_t due(uint64_t picture) { return camera.began + picture * camera.interval; }

static uint32_t take(uint32_t *list, uint32_t *count) {
  uint32_t first = list[0];
  memmove(list, list + 1, --*count * sizeof *list);
  return first;
}

// Fills what has become due since the last call. A picture that finds no queued buffer is lost: its number is skipped.
static void advance(void) {
  uint64_t time = now();
  for (; camera.is_streaming && due(camera.next) <= time; camera.next++) {
    if (camera.waiting_count == 0) continue;
    uint32_t index = take(camera.waiting, &camera.waiting_count);
    size_t used = film_read(&camera.film, camera.next, camera.view + index * camera.room);
    camera.buffers[index] = (struct buffer){done, (uint32_t)used, (uint32_t)camera.next, due(camera.next)};
    camera.ready[camera.ready_count++] = index;
  }
}

// The descriptor is readable now when something is ready, else at the next picture, and never while none can come.
static void arm(void) {
  uint64_t time = camera.ready_count > 0 ? 1 : camera.is_streaming && camera.waiting_count > 0 ? due(camera.next) : 0;
  struct itimerspec when = {.it_value = {.tv_sec = (time_t)(time / second), .tv_nsec = (long)(time % second)}};
  timerfd_settime(camera.owner, TFD_TIMER_ABSTIME, &when, NULL);
}

static void stop(void) {
  camera.is_streaming = 0;
  camera.waiting_count = camera.ready_count = 0;
  for (uint32_t index = 0; index < camera.count; index++) camera.buffers[index].place = with_program;
  if (camera.owner >= 0) arm();
}

static void release(void) {
  stop();
  if (camera.view != NULL) syscall(SYS_munmap, camera.view, camera.room * camera.count);
  if (camera.memory >= 0) syscall(SYS_close, camera.memory);
  camera.view = NULL;
  camera.memory = camera.owner = -1;
  camera.count = 0;
}

static int load(void) {
  const char *path = getenv("PUMPKII_FILM"), *rate = getenv("PUMPKII_FILM_FPS");
  if (camera.is_loaded) return 0;
  if (path == NULL || film_load(&camera.film, path) != 0) {
    fprintf(stderr, "interposer: PUMPKII_FILM must name an .mjpeg file\n");
    return -1;
  }
  camera.rate = rate != NULL && atoi(rate) > 0 ? (uint32_t)atoi(rate) : 30;
  camera.interval = second / camera.rate;
  camera.room = (size_t)camera.film.width * camera.film.height * 2;
  if (camera.film.largest > camera.room) camera.room = camera.film.largest;
  camera.room = (camera.room + 4095) & ~(size_t)4095;
  camera.is_loaded = 1;
  return 0;
}

int camera_is_at(const char *path) {
  const char *name = getenv("PUMPKII_FILM_DEVICE");
  return path != NULL && strcmp(path, name != NULL ? name : "/dev/video42") == 0;
}

int camera_open(int flags) {
  pthread_mutex_lock(&camera.lock);
  int descriptor = -1, error = ENODEV;
  int place = 0;
  while (place < most_handles && camera.handles[place] != 0) place++;
  if (load() == 0) {
    error = EMFILE;
    int wants = (flags & O_NONBLOCK ? TFD_NONBLOCK : 0) | (flags & O_CLOEXEC ? TFD_CLOEXEC : 0);
    if (place < most_handles) descriptor = timerfd_create(CLOCK_MONOTONIC, wants);
    if (descriptor >= 0) {
      camera.handles[place] = descriptor + 1;
      camera.originals[place] = descriptor;
    }
  }
  pthread_mutex_unlock(&camera.lock);
  if (descriptor < 0) errno = error;
  return descriptor;
}

int camera_owns(int descriptor) {
  if (descriptor < 0) return 0;
  for (int place = 0; place < most_handles; place++) {
    if (__atomic_load_n(&camera.handles[place], __ATOMIC_RELAXED) == descriptor + 1) return 1;
  }
  return 0;
}

// A duplicate is the same open file: whoever streams by one may go on by the other.
static int original_of(int descriptor) {
  for (int place = 0; place < most_handles; place++) {
    if (camera.handles[place] == descriptor + 1) return camera.originals[place];
  }
  return descriptor;
}

int camera_duplicate(int descriptor) {
  pthread_mutex_lock(&camera.lock);
  int place = 0, twin = -1;
  while (place < most_handles && camera.handles[place] != 0) place++;
  if (place < most_handles) twin = (int)syscall(SYS_dup, descriptor);
  if (twin >= 0) {
    camera.originals[place] = original_of(descriptor);
    camera.handles[place] = twin + 1;
  }
  pthread_mutex_unlock(&camera.lock);
  return twin;
}

int camera_close(int descriptor) {
  pthread_mutex_lock(&camera.lock);
  if (camera.owner == descriptor) release();
  for (int place = 0; place < most_handles; place++) {
    if (camera.handles[place] == descriptor + 1) camera.handles[place] = 0;
  }
  pthread_mutex_unlock(&camera.lock);
  return (int)syscall(SYS_close, descriptor);
}

void *camera_map(void *address, size_t length, int protection, int flags, int64_t offset) {
  pthread_mutex_lock(&camera.lock);
  void *view = MAP_FAILED;
  if (camera.memory < 0) {
    errno = EINVAL;
  } else {
    view = (void *)syscall(SYS_mmap, address, length, protection, flags, camera.memory, offset);
  }
  pthread_mutex_unlock(&camera.lock);
  return view;
}

// The answers to what a program asks before it streams.

static int capability(struct v4l2_capability *answer) {
  memset(answer, 0, sizeof *answer);
  strcpy((char *)answer->driver, "film");
  strcpy((char *)answer->card, "Film camera");
  strcpy((char *)answer->bus_info, "platform:film");
  answer->version = 6 << 16 | 1 << 8;
  answer->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_EXT_PIX_FORMAT;
  answer->capabilities = answer->device_caps | V4L2_CAP_DEVICE_CAPS;
  return 0;
}

static int describe(struct v4l2_fmtdesc *answer) {
  if (answer->index > 0 || answer->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
  *answer = (struct v4l2_fmtdesc){
      .type = answer->type, .flags = V4L2_FMT_FLAG_COMPRESSED, .pixelformat = V4L2_PIX_FMT_MJPEG};
  strcpy((char *)answer->description, "Motion-JPEG");
  return 0;
}

static int size(struct v4l2_frmsizeenum *answer) {
  if (answer->index > 0 || answer->pixel_format != V4L2_PIX_FMT_MJPEG) return EINVAL;
  answer->type = V4L2_FRMSIZE_TYPE_DISCRETE;
  answer->discrete = (struct v4l2_frmsize_discrete){camera.film.width, camera.film.height};
  return 0;
}

static int interval(struct v4l2_frmivalenum *answer) {
  if (answer->index > 0 || answer->pixel_format != V4L2_PIX_FMT_MJPEG || answer->width != camera.film.width ||
      answer->height != camera.film.height)
    return EINVAL;
  answer->type = V4L2_FRMIVAL_TYPE_DISCRETE;
  answer->discrete = (struct v4l2_fract){1, camera.rate};
  return 0;
}

// Answers, does not obey: there is one format.
static int format(struct v4l2_format *answer) {
  if (answer->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
  memset(&answer->fmt, 0, sizeof answer->fmt);
  answer->fmt.pix = (struct v4l2_pix_format){
      .width = camera.film.width, .height = camera.film.height, .pixelformat = V4L2_PIX_FMT_MJPEG,
      .field = V4L2_FIELD_NONE, .sizeimage = (uint32_t)camera.room, .colorspace = V4L2_COLORSPACE_SRGB,
      .priv = V4L2_PIX_FMT_PRIV_MAGIC};
  return 0;
}

static int pace(struct v4l2_streamparm *answer) {
  if (answer->type != V4L2_BUF_TYPE_VIDEO_CAPTURE) return EINVAL;
  memset(&answer->parm, 0, sizeof answer->parm);
  answer->parm.capture.capability = V4L2_CAP_TIMEPERFRAME;
  answer->parm.capture.timeperframe = (struct v4l2_fract){1, camera.rate};
  answer->parm.capture.readbuffers = 2;
  return 0;
}

static int input(struct v4l2_input *answer) {
  if (answer->index > 0) return EINVAL;
  *answer = (struct v4l2_input){.name = "Film", .type = V4L2_INPUT_TYPE_CAMERA};
  return 0;
}

// The queue.

static int request(int descriptor, struct v4l2_requestbuffers *wish) {
  if (wish->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || wish->memory != V4L2_MEMORY_MMAP) return EINVAL;
  if (camera.owner >= 0 && (camera.owner != descriptor || camera.is_streaming)) return EBUSY;
  release();
  wish->capabilities = V4L2_BUF_CAP_SUPPORTS_MMAP | V4L2_BUF_CAP_SUPPORTS_ORPHANED_BUFS;
  if (wish->count == 0) return 0;
  wish->count = wish->count < 2 ? 2 : wish->count > most_buffers ? most_buffers : wish->count;
  camera.memory = memfd_create("film", MFD_CLOEXEC);
  if (camera.memory < 0 || ftruncate(camera.memory, (off_t)(camera.room * wish->count)) != 0) return ENOMEM;
  long view = syscall(
      SYS_mmap, NULL, camera.room * wish->count, PROT_READ | PROT_WRITE, MAP_SHARED, camera.memory, 0);
  if (view == -1) return ENOMEM;
  camera.view = (uint8_t *)view;
  camera.owner = descriptor;
  camera.count = wish->count;
  memset(camera.buffers, 0, sizeof camera.buffers);
  return 0;
}

static void tell(struct v4l2_buffer *answer, uint32_t index) {
  const struct buffer *buffer = &camera.buffers[index];
  uint32_t place = buffer->place == queued ? V4L2_BUF_FLAG_QUEUED : buffer->place == done ? V4L2_BUF_FLAG_DONE : 0;
  *answer = (struct v4l2_buffer){
      .index = index, .type = V4L2_BUF_TYPE_VIDEO_CAPTURE, .memory = V4L2_MEMORY_MMAP,
      .flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC | place, .field = V4L2_FIELD_NONE,
      .bytesused = buffer->used, .sequence = buffer->sequence, .length = (uint32_t)camera.room,
      .timestamp = {(time_t)(buffer->time / second), (suseconds_t)(buffer->time % second / 1000)}};
  answer->m.offset = (uint32_t)(index * camera.room);
}

static int query(struct v4l2_buffer *answer) {
  if (answer->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || answer->index >= camera.count) return EINVAL;
  tell(answer, answer->index);
  return 0;
}

static int enqueue(int descriptor, struct v4l2_buffer *buffer) {
  if (camera.owner != descriptor) return camera.owner >= 0 ? EBUSY : EINVAL;
  if (buffer->type != V4L2_BUF_TYPE_VIDEO_CAPTURE || buffer->memory != V4L2_MEMORY_MMAP ||
      buffer->index >= camera.count || camera.buffers[buffer->index].place != with_program)
    return EINVAL;
  advance();
  camera.buffers[buffer->index].place = queued;
  camera.waiting[camera.waiting_count++] = buffer->index;
  // Only the first one changes when the descriptor wakes.
  if (camera.is_streaming && camera.waiting_count == 1 && camera.ready_count == 0) arm();
  tell(buffer, buffer->index);
  return 0;
}

static int dequeue(int descriptor, struct v4l2_buffer *buffer) {
  if (camera.owner != descriptor || !camera.is_streaming || buffer->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
    return EINVAL;
  advance();
  while (camera.ready_count == 0) {
    if (fcntl(descriptor, F_GETFL) & O_NONBLOCK) return EAGAIN;
    struct pollfd wait = {.fd = descriptor, .events = POLLIN};
    pthread_mutex_unlock(&camera.lock);
    int failed = poll(&wait, 1, -1) < 0;
    pthread_mutex_lock(&camera.lock);
    if (failed) return EINTR;
    if (!camera.is_streaming || camera.owner != descriptor) return EINVAL;
    advance();
  }
  uint32_t index = take(camera.ready, &camera.ready_count);
  camera.buffers[index].place = with_program;
  tell(buffer, index);
  arm();
  return 0;
}

static int stream(int descriptor, const int *type, int on) {
  if (*type != V4L2_BUF_TYPE_VIDEO_CAPTURE || camera.owner != descriptor) return EINVAL;
  if (!on) {
    stop();
    return 0;
  }
  if (camera.is_streaming) return 0;
  camera.next = 0;
  camera.began = now() + camera.interval;
  camera.is_streaming = 1;
  arm();
  return 0;
}

static int answer(int descriptor, unsigned long call, void *argument) {
  switch (call) {
    case VIDIOC_QUERYCAP: return capability(argument);
    case VIDIOC_ENUM_FMT: return describe(argument);
    case VIDIOC_ENUM_FRAMESIZES: return size(argument);
    case VIDIOC_ENUM_FRAMEINTERVALS: return interval(argument);
    case VIDIOC_S_FMT:
      if (camera.owner >= 0) return EBUSY;
      return format(argument);
    case VIDIOC_G_FMT:
    case VIDIOC_TRY_FMT: return format(argument);
    case VIDIOC_G_PARM:
    case VIDIOC_S_PARM: return pace(argument);
    case VIDIOC_ENUMINPUT: return input(argument);
    case VIDIOC_G_INPUT: *(int *)argument = 0; return 0;
    case VIDIOC_S_INPUT: return *(int *)argument == 0 ? 0 : EINVAL;
    case VIDIOC_REQBUFS: return request(descriptor, argument);
    case VIDIOC_QUERYBUF: return query(argument);
    case VIDIOC_QBUF: return enqueue(descriptor, argument);
    case VIDIOC_DQBUF: return dequeue(descriptor, argument);
    case VIDIOC_STREAMON: return stream(descriptor, argument, 1);
    case VIDIOC_STREAMOFF: return stream(descriptor, argument, 0);
    case VIDIOC_QUERYCTRL:
    case VIDIOC_QUERY_EXT_CTRL:
    case VIDIOC_G_CTRL:
    case VIDIOC_S_CTRL:
    case VIDIOC_SUBSCRIBE_EVENT:
    case VIDIOC_UNSUBSCRIBE_EVENT: return EINVAL;
    case VIDIOC_DQEVENT: return ENOENT;
    default: return ENOTTY;
  }
}

int camera_ioctl(int descriptor, unsigned long call, void *argument) {
  pthread_mutex_lock(&camera.lock);
  // Programs that keep the request in an int hand over its sign as well.
  int error = answer(original_of(descriptor), call & 0xffffffff, argument);
  pthread_mutex_unlock(&camera.lock);
  if (error == 0) return 0;
  errno = error;
  return -1;
}
