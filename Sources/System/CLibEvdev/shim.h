// The kernel's input devices (evdev), whose ioctl numbers are macros that Swift cannot import. Header only.
#ifndef CLIBEVDEV_H
#define CLIBEVDEV_H

#include <errno.h>
#include <linux/input.h>
#include <stdint.h>
#include <sys/ioctl.h>

// Whether the key (EV_KEY) or switch (EV_SW) `code` is on: 0, 1 or -errno.
static inline int pk_evdev_state(int device, int is_switch, unsigned code) {
  unsigned char bits[KEY_CNT / 8] = {0};
  if (code >= (is_switch ? SW_CNT : KEY_CNT)) return -EINVAL;
  int result = is_switch ? ioctl(device, EVIOCGSW(sizeof bits), bits) : ioctl(device, EVIOCGKEY(sizeof bits), bits);
  return result == -1 ? -errno : (bits[code / 8] >> (code % 8)) & 1;
}

#endif
