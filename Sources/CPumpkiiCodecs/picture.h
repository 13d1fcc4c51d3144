// Shared by the C files of this target.
#ifndef PK_PICTURE_H
#define PK_PICTURE_H

#include "CPumpkiiCodecs.h"

typedef struct {
  const uint8_t *data[3];
  int stride[3];
} pk_planes;

int pk_size_ok(int width, int height);
size_t pk_i420_bytes(int width, int height);

// From planes of at least width x height at the layout's sampling to tight I420 of even size; sizes checked before.
void pk_planes_to_i420(int pixels, const pk_planes *source, int width, int height, uint8_t *target);

#endif
