#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wels/codec_api.h>

#include "picture.h"

struct pk_h264_still {
  int width;
  int height;
  uint8_t *picture;
};

static pk_h264_still *copy_picture(unsigned char **planes, const SBufferInfo *info) {
  const SSysMEMBuffer *shape = &info->UsrData.sSystemBuffer;
  if (info->iBufferStatus != 1 || shape->iFormat != videoFormatI420 || planes[0] == NULL) return NULL;
  if (!pk_size_ok(shape->iWidth, shape->iHeight)) return NULL;
  int width = shape->iWidth & ~1, height = shape->iHeight & ~1;
  if (shape->iStride[0] < shape->iWidth || shape->iStride[1] < width / 2) return NULL;
  pk_h264_still *still = calloc(1, sizeof *still);
  if (still == NULL) return NULL;
  still->picture = malloc(pk_i420_bytes(width, height));
  if (still->picture == NULL) {
    free(still);
    return NULL;
  }
  still->width = width;
  still->height = height;
  pk_planes source = {{planes[0], planes[1], planes[2]}, {shape->iStride[0], shape->iStride[1], shape->iStride[1]}};
  pk_planes_to_i420(PK_PIXELS_YUV420, &source, width, height, still->picture);
  return still;
}

pk_h264_still *pk_h264_still_decode(const uint8_t *bytes, size_t count, int *width, int *height) {
  if (bytes == NULL || count < 8 || count > (64u << 20) || width == NULL || height == NULL) return NULL;
  ISVCDecoder *decoder = NULL;
  if (WelsCreateDecoder(&decoder) != 0 || decoder == NULL) return NULL;
  int quiet = WELS_LOG_QUIET;
  (*decoder)->SetOption(decoder, DECODER_OPTION_TRACE_LEVEL, &quiet);
  SDecodingParam parameters;
  memset(&parameters, 0, sizeof parameters);
  parameters.eEcActiveIdc = ERROR_CON_DISABLE;
  parameters.sVideoProperty.eVideoBsType = VIDEO_BITSTREAM_AVC;
  pk_h264_still *still = NULL;
  if ((*decoder)->Initialize(decoder, &parameters) == 0) {
    unsigned char *planes[3] = {NULL, NULL, NULL};
    SBufferInfo info;
    memset(&info, 0, sizeof info);
    DECODING_STATE state = (*decoder)->DecodeFrameNoDelay(decoder, bytes, (int)count, planes, &info);
    if (state == dsErrorFree) {
      if (info.iBufferStatus != 1) (*decoder)->FlushFrame(decoder, planes, &info);
      still = copy_picture(planes, &info);
    }
    (*decoder)->Uninitialize(decoder);
  }
  WelsDestroyDecoder(decoder);
  if (still != NULL) {
    *width = still->width;
    *height = still->height;
  }
  return still;
}

int pk_h264_still_copy(const pk_h264_still *still, uint8_t *target, size_t target_count) {
  if (still == NULL || target == NULL) return PK_BAD_ARGUMENT;
  if (target_count != pk_i420_bytes(still->width, still->height)) return PK_BAD_ARGUMENT;
  memcpy(target, still->picture, target_count);
  return PK_OK;
}

void pk_h264_still_free(pk_h264_still *still) {
  if (still == NULL) return;
  free(still->picture);
  free(still);
}
