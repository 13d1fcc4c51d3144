// A microphone for tests: a capture PCM of alsa-lib that needs no kernel and no sound card. It plays a raw file in a
// loop, at the pace of CLOCK_MONOTONIC, and does what real ones do, when the frame with a given number is due:
//
//   file      raw interleaved samples; zeros without one
//   format    S16_LE (as it stands), S24_3LE, S24_LE, S32_LE or FLOAT_LE, made from 16-bit samples
//   rate      the only rate it has            channels   the only number of channels
//   ppm       how much faster its clock runs  delay_ms   before the first sample after a start
//   xrun_at, xrun_every     it reports EPIPE  suspend_at it sleeps; resumes  -1: resume is unknown, n: after n EAGAIN
//   gone_at   it is unplugged                 stall_at   it runs and gives nothing more, until started anew
//   mute_at, mute_until     zeros             open_error the errno that opening fails with
//   buffer_bytes            its largest buffer
//
// Built by the tests; nothing of it is in the product.
#define _GNU_SOURCE
#include <alsa/asoundlib.h>
#include <alsa/pcm_external.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>

typedef struct {
  snd_pcm_ioplug_t io;
  int16_t *samples;
  size_t count;
  long rate, channels, ppm, delay_ms, xrun_at, xrun_every, suspend_at, resumes, gone_at, stall_at, mute_at, mute_until,
      buffer_bytes;
  int64_t started;         // ns
  uint64_t read, base;     // frames read since the last prepare; frames due before it
  uint64_t next_xrun;
  snd_pcm_sframes_t pointer;
  int asleep, stalled;
} lab_t;

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

// Frames that the device made since it was started. One whose reader is late waits for it: it overruns when it is told to,
// never because the machine stood still.
static uint64_t made(const lab_t *lab) {
  int64_t passed = now_ns() - lab->started - lab->delay_ms * 1000000;
  if (passed <= 0) return 0;
  double rate = (double)lab->rate * (1.0 + (double)lab->ppm * 1e-6);
  uint64_t frames = (uint64_t)((double)passed * rate / 1e9);
  if (lab->stalled && lab->base + frames > (uint64_t)lab->stall_at) {
    frames = (uint64_t)lab->stall_at > lab->base ? (uint64_t)lab->stall_at - lab->base : 0;
    if (frames < lab->read) frames = lab->read;
  }
  uint64_t most = lab->read + lab->io.buffer_size - 1;
  return frames < most ? frames : most;
}

// Does what is due; the PCM's state afterwards.
static int due(lab_t *lab) {
  uint64_t at = lab->base + made(lab);
  if (lab->gone_at > 0 && at >= (uint64_t)lab->gone_at) {
    snd_pcm_ioplug_set_state(&lab->io, SND_PCM_STATE_DISCONNECTED);
    return SND_PCM_STATE_DISCONNECTED;
  }
  if (lab->suspend_at > 0 && at >= (uint64_t)lab->suspend_at) {
    lab->suspend_at = 0;
    lab->asleep = 1;
  }
  if (lab->asleep) {
    snd_pcm_ioplug_set_state(&lab->io, SND_PCM_STATE_SUSPENDED);
    return SND_PCM_STATE_SUSPENDED;
  }
  if (lab->stall_at > 0 && !lab->stalled && at >= (uint64_t)lab->stall_at) lab->stalled = 1;
  int is_due = lab->next_xrun > 0 && at >= lab->next_xrun;
  if (is_due) lab->next_xrun = lab->xrun_every > 0 ? at + (uint64_t)lab->xrun_every : 0;
  if (is_due) {
    snd_pcm_ioplug_set_state(&lab->io, SND_PCM_STATE_XRUN);
    return SND_PCM_STATE_XRUN;
  }
  return SND_PCM_STATE_RUNNING;
}

static void run_timer(lab_t *lab, int is_on) {
  struct itimerspec times = {0};
  if (is_on) {
    int64_t period = (int64_t)lab->io.period_size * 1000000000 / lab->rate;
    times.it_interval.tv_nsec = times.it_value.tv_nsec = period < 1000000000 ? period : 999999999;
  }
  timerfd_settime(lab->io.poll_fd, 0, &times, NULL);
}

static int lab_start(snd_pcm_ioplug_t *io) {
  lab_t *lab = io->private_data;
  lab->started = now_ns();
  run_timer(lab, 1);
  return 0;
}

static int lab_stop(snd_pcm_ioplug_t *io) {
  run_timer(io->private_data, 0);
  return 0;
}

static int lab_prepare(snd_pcm_ioplug_t *io) {
  lab_t *lab = io->private_data;
  lab->base += lab->started > 0 ? made(lab) : 0;
  lab->started = 0;
  lab->read = 0;
  lab->pointer = 0;
  if (lab->stalled) {
    lab->stalled = 0;
    lab->stall_at = 0;
  }
  lab->asleep = 0;
  return 0;
}

// alsa-lib takes every negative position for an overrun; other states are set, and a good position is given.
static snd_pcm_sframes_t lab_pointer(snd_pcm_ioplug_t *io) {
  lab_t *lab = io->private_data;
  switch (due(lab)) {
  case SND_PCM_STATE_XRUN: return -EPIPE;
  case SND_PCM_STATE_RUNNING: return lab->pointer = (snd_pcm_sframes_t)(made(lab) % io->buffer_size);
  default: return lab->pointer;
  }
}

static void put(unsigned char *target, snd_pcm_format_t format, int16_t sample) {
  int32_t wide = (int32_t)sample * 65536;
  float real = (float)sample / 32768;
  switch (format) {
  case SND_PCM_FORMAT_S32_LE: memcpy(target, &wide, 4); break;
  case SND_PCM_FORMAT_FLOAT_LE: memcpy(target, &real, 4); break;
  case SND_PCM_FORMAT_S24_LE: wide >>= 8; memcpy(target, &wide, 4); break;
  case SND_PCM_FORMAT_S24_3LE: wide >>= 8; memcpy(target, &wide, 3); break;
  default: memcpy(target, &sample, 2);
  }
}

static snd_pcm_sframes_t lab_transfer(snd_pcm_ioplug_t *io, const snd_pcm_channel_area_t *areas,
                                      snd_pcm_uframes_t offset, snd_pcm_uframes_t size) {
  lab_t *lab = io->private_data;
  for (snd_pcm_uframes_t frame = 0; frame < size; frame++) {
    uint64_t at = lab->base + lab->read + frame;
    int is_mute = lab->mute_at >= 0 && at >= (uint64_t)lab->mute_at &&
                  (lab->mute_until == 0 || at < (uint64_t)lab->mute_until);
    for (unsigned channel = 0; channel < io->channels; channel++) {
      const snd_pcm_channel_area_t *area = &areas[channel];
      int16_t sample = lab->count == 0 || is_mute ? 0 : lab->samples[(at * io->channels + channel) % lab->count];
      put((unsigned char *)area->addr + (area->first + area->step * (offset + frame)) / 8, io->format, sample);
    }
  }
  lab->read += size;
  return (snd_pcm_sframes_t)size;
}

static int lab_resume(snd_pcm_ioplug_t *io) {
  lab_t *lab = io->private_data;
  if (lab->resumes < 0) return -ENOSYS;
  if (lab->resumes-- > 0) return -EAGAIN;
  lab->asleep = 0;
  snd_pcm_ioplug_set_state(io, SND_PCM_STATE_RUNNING);
  return 0;
}

static int lab_poll_revents(snd_pcm_ioplug_t *io, struct pollfd *entry, unsigned count, unsigned short *revents) {
  lab_t *lab = io->private_data;
  uint64_t ticks;
  (void)count;
  *revents = 0;
  if (entry->revents & POLLIN && read(entry->fd, &ticks, sizeof ticks) < 0 && errno != EAGAIN) return -errno;
  // alsa-lib asks nobody before it gives the events to the caller; the state is brought up to date by reading.
  snd_pcm_state_t state = io->state == SND_PCM_STATE_RUNNING ? (snd_pcm_state_t)due(lab) : io->state;
  if (state == SND_PCM_STATE_RUNNING) {
    if (made(lab) - lab->read >= io->period_size) *revents = POLLIN;
  } else if (state == SND_PCM_STATE_DISCONNECTED) {
    *revents = POLLERR | POLLHUP;
  } else {
    *revents = POLLIN | POLLERR;
  }
  return 0;
}

static void release(lab_t *lab) {
  if (lab->io.poll_fd >= 0) close(lab->io.poll_fd);
  free(lab->samples);
  free(lab);
}

static int lab_close(snd_pcm_ioplug_t *io) {
  release(io->private_data);
  return 0;
}

static const snd_pcm_ioplug_callback_t callbacks = {
    .start = lab_start, .stop = lab_stop, .pointer = lab_pointer, .transfer = lab_transfer, .prepare = lab_prepare,
    .resume = lab_resume, .poll_revents = lab_poll_revents, .close = lab_close};

static int load(lab_t *lab, const char *path) {
  if (path == NULL || *path == 0) return 0;
  FILE *file = fopen(path, "rbe");
  if (file == NULL) return -errno;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  lab->samples = size > 1 ? malloc((size_t)size) : NULL;
  lab->count = lab->samples == NULL ? 0 : fread(lab->samples, 2, (size_t)size / 2, file);
  fclose(file);
  return 0;
}

static int constrain(lab_t *lab, snd_pcm_format_t format) {
  static const unsigned access[] = {SND_PCM_ACCESS_RW_INTERLEAVED, SND_PCM_ACCESS_MMAP_INTERLEAVED};
  const unsigned formats[] = {(unsigned)format};
  unsigned rate = (unsigned)lab->rate, channels = (unsigned)lab->channels;
  snd_pcm_ioplug_t *io = &lab->io;
  int bad = snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_ACCESS, 2, access);
  bad |= snd_pcm_ioplug_set_param_list(io, SND_PCM_IOPLUG_HW_FORMAT, 1, formats);
  bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_CHANNELS, channels, channels);
  bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_RATE, rate, rate);
  bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIOD_BYTES, 32, 1 << 17);
  bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_PERIODS, 2, 1024);
  bad |= snd_pcm_ioplug_set_param_minmax(io, SND_PCM_IOPLUG_HW_BUFFER_BYTES, 512, (unsigned)lab->buffer_bytes);
  return bad < 0 ? -EINVAL : 0;
}

static long number(const snd_config_t *entry) {
  long value = 0;
  return snd_config_get_integer(entry, &value) < 0 ? 0 : value;
}

// What the configuration says; the errno that opening is to fail with, or 0.
static long read_knobs(lab_t *lab, snd_config_t *conf, const char **path, const char **format) {
  long open_error = 0;
  struct {
    const char *name;
    long *value;
  } const numbers[] = {
      {"rate", &lab->rate},         {"channels", &lab->channels},     {"ppm", &lab->ppm},
      {"delay_ms", &lab->delay_ms}, {"xrun_at", &lab->xrun_at},       {"xrun_every", &lab->xrun_every},
      {"resumes", &lab->resumes},   {"suspend_at", &lab->suspend_at}, {"gone_at", &lab->gone_at},
      {"mute_at", &lab->mute_at},   {"mute_until", &lab->mute_until}, {"stall_at", &lab->stall_at},
      {"open_error", &open_error},  {"buffer_bytes", &lab->buffer_bytes}};
  snd_config_iterator_t at, next;
  snd_config_for_each(at, next, conf) {
    snd_config_t *entry = snd_config_iterator_entry(at);
    const char *id;
    if (snd_config_get_id(entry, &id) < 0) continue;
    if (strcmp(id, "file") == 0) snd_config_get_string(entry, path);
    if (strcmp(id, "format") == 0) snd_config_get_string(entry, format);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
      if (strcmp(id, numbers[i].name) == 0) *numbers[i].value = number(entry);
    }
  }
  lab->next_xrun = (uint64_t)(lab->xrun_at > 0 ? lab->xrun_at : lab->xrun_every);
  return open_error;
}

static lab_t *make(void) {
  lab_t *lab = calloc(1, sizeof *lab);
  if (lab == NULL) return NULL;
  lab->rate = 48000;
  lab->channels = 1;
  lab->mute_at = -1;
  lab->buffer_bytes = 1 << 20;
  lab->resumes = -1;
  lab->io.poll_fd = -1;
  lab->io.version = SND_PCM_IOPLUG_VERSION;
  lab->io.name = "Microphone of the tests";
  lab->io.callback = &callbacks;
  lab->io.private_data = lab;
  lab->io.poll_events = POLLIN;
  return lab;
}

SND_PCM_PLUGIN_DEFINE_FUNC(pumpkii_lab) {
  if (stream != SND_PCM_STREAM_CAPTURE) return -EINVAL;
  lab_t *lab = make();
  if (lab == NULL) return -ENOMEM;
  const char *path = NULL, *format = "S16_LE";
  int result = -(int)read_knobs(lab, conf, &path, &format);
  if (result == 0) result = load(lab, path);
  if (result == 0) {
    lab->io.poll_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    result = lab->io.poll_fd < 0 ? -errno : snd_pcm_ioplug_create(&lab->io, name, stream, mode);
  }
  if (result < 0) {
    release(lab);
    return result;
  }
  result = constrain(lab, snd_pcm_format_value(format));
  if (result < 0) {
    snd_pcm_ioplug_delete(&lab->io);
    return result;
  }
  *pcmp = lab->io.pcm;
  return 0;
}

SND_PCM_PLUGIN_SYMBOL(pumpkii_lab);
