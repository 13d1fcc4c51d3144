// The film: where the pictures of an .mjpeg file lie. It is read picture by picture and never stays mapped, so that it is
// no part of the measured program's memory.
#ifndef PUMPKII_INTERPOSER_FILM_H
#define PUMPKII_INTERPOSER_FILM_H

#include <stddef.h>
#include <stdint.h>

struct picture {
  size_t start;
  size_t count;
};

struct film {
  int file;
  struct picture *pictures;
  size_t count;
  size_t largest;
  uint32_t width;
  uint32_t height;
};

// Fills in `film`; 0, or -1 when the file cannot be read or holds no picture.
int film_load(struct film *film, const char *path);
// Copies the picture with this number, which may be beyond the end, to `to`; how many bytes it has.
size_t film_read(const struct film *film, uint64_t number, uint8_t *to);

#endif
