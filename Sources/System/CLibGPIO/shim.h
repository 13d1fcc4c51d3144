// The kernel's GPIO character device, uAPI v2, whose ioctl numbers are macros that Swift cannot import. Header only;
// every call gives its result or -errno.
#ifndef CLIBGPIO_H
#define CLIBGPIO_H

#include <errno.h>
#include <linux/gpio.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>

// Takes one line of a chip: an output that is off, or an input that tells both edges. `pull` is 1 for up, -1 for down, 0 to
// leave it as the board has it. The line's descriptor or -errno.
static inline int pk_gpio_line(int chip, uint32_t line, int is_output, int is_active_low, int pull) {
  struct gpio_v2_line_request request;
  memset(&request, 0, sizeof request);
  request.offsets[0] = line;
  request.num_lines = 1;
  strcpy(request.consumer, "pumpkii");
  request.config.flags = is_output ? GPIO_V2_LINE_FLAG_OUTPUT
                                   : GPIO_V2_LINE_FLAG_INPUT | GPIO_V2_LINE_FLAG_EDGE_RISING
                                         | GPIO_V2_LINE_FLAG_EDGE_FALLING;
  if (pull > 0) request.config.flags |= GPIO_V2_LINE_FLAG_BIAS_PULL_UP;
  if (pull < 0) request.config.flags |= GPIO_V2_LINE_FLAG_BIAS_PULL_DOWN;
  if (is_active_low) request.config.flags |= GPIO_V2_LINE_FLAG_ACTIVE_LOW;
  if (is_output) {
    request.config.num_attrs = 1;
    request.config.attrs[0].attr.id = GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES;
    request.config.attrs[0].attr.values = 0;
    request.config.attrs[0].mask = 1;
  }
  if (ioctl(chip, GPIO_V2_GET_LINE_IOCTL, &request) == -1) return -errno;
  return request.fd;
}

// 0 or -errno.
static inline int pk_gpio_set(int line, int value) {
  struct gpio_v2_line_values values = {.bits = value ? 1 : 0, .mask = 1};
  return ioctl(line, GPIO_V2_LINE_SET_VALUES_IOCTL, &values) == -1 ? -errno : 0;
}

// 0, 1 or -errno.
static inline int pk_gpio_get(int line) {
  struct gpio_v2_line_values values = {.bits = 0, .mask = 1};
  if (ioctl(line, GPIO_V2_LINE_GET_VALUES_IOCTL, &values) == -1) return -errno;
  return (int)(values.bits & 1);
}

// Bytes of one edge event.
static inline int pk_gpio_event_bytes(void) { return (int)sizeof(struct gpio_v2_line_event); }

#endif
