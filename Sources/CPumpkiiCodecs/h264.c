#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <wels/codec_api.h>

#include "picture.h"

struct pk_h264_encoder {
  ISVCEncoder *codec;
  int width;
  int height;
  uint8_t *buffer;
  size_t capacity;
};

static void describe_colour(SSpatialLayerConfig *layer, const pk_h264_settings *settings) {
  layer->bVideoSignalTypePresent = true;
  layer->uiVideoFormat = VF_UNDEF;
  layer->bFullRange = settings->full_range != 0;
  layer->bColorDescriptionPresent = true;
  layer->uiColorPrimaries = CP_SMPTE170M;
  layer->uiTransferCharacteristics = TRC_SMPTE170M;
  layer->uiColorMatrix = CM_SMPTE170M;
  layer->bAspectRatioPresent = true;
  layer->eAspectRatio = ASP_EXT_SAR;
  layer->sAspectRatioExtWidth = (unsigned short)settings->aspect_width;
  layer->sAspectRatioExtHeight = (unsigned short)settings->aspect_height;
  if (settings->aspect_width == settings->aspect_height) layer->eAspectRatio = ASP_1x1;
}

static void fill(SEncParamExt *parameters, const pk_h264_settings *settings) {
  parameters->iUsageType = CAMERA_VIDEO_REAL_TIME;
  parameters->iPicWidth = settings->width;
  parameters->iPicHeight = settings->height;
  parameters->iTargetBitrate = settings->bitrate;
  parameters->iMaxBitrate = UNSPECIFIED_BIT_RATE;
  parameters->iRCMode = RC_BITRATE_MODE;
  parameters->fMaxFrameRate = settings->rate;
  parameters->iTemporalLayerNum = 1;
  parameters->iSpatialLayerNum = 1;
  parameters->iComplexityMode = LOW_COMPLEXITY;
  // Groups are ended by the caller, by time: a camera's rate moves with the light.
  parameters->uiIntraPeriod = 0;
  parameters->iNumRefFrame = 1;
  parameters->eSpsPpsIdStrategy = CONSTANT_ID;
  parameters->bPrefixNalAddingCtrl = false;
  parameters->iEntropyCodingModeFlag = 0;
  parameters->bEnableFrameSkip = true;
  parameters->iMultipleThreadIdc = 1;
  parameters->bEnableDenoise = false;
  parameters->bEnableSceneChangeDetect = false;
  parameters->bEnableFrameCroppingFlag = true;
  SSpatialLayerConfig *layer = &parameters->sSpatialLayers[0];
  layer->iVideoWidth = settings->width;
  layer->iVideoHeight = settings->height;
  layer->fFrameRate = settings->rate;
  layer->iSpatialBitrate = settings->bitrate;
  layer->iMaxSpatialBitrate = UNSPECIFIED_BIT_RATE;
  layer->uiProfileIdc = PRO_BASELINE;
  layer->uiLevelIdc = LEVEL_UNKNOWN;
  layer->sSliceArgument.uiSliceMode = SM_SINGLE_SLICE;
  describe_colour(layer, settings);
}

static int settings_ok(const pk_h264_settings *settings) {
  return settings != NULL && pk_size_ok(settings->width, settings->height) &&
         ((settings->width | settings->height) & 1) == 0 && settings->width >= 16 && settings->height >= 16 &&
         settings->rate >= 0.1f && settings->rate <= 240.0f && settings->bitrate >= 1000 &&
         settings->bitrate <= 200000000 && settings->aspect_width > 0 && settings->aspect_width <= 65535 &&
         settings->aspect_height > 0 && settings->aspect_height <= 65535;
}

pk_h264_encoder *pk_h264_encoder_new(const pk_h264_settings *settings) {
  if (!settings_ok(settings)) return NULL;
  pk_h264_encoder *encoder = calloc(1, sizeof *encoder);
  if (encoder == NULL) return NULL;
  encoder->width = settings->width;
  encoder->height = settings->height;
  if (WelsCreateSVCEncoder(&encoder->codec) != 0 || encoder->codec == NULL) {
    free(encoder);
    return NULL;
  }
  int quiet = WELS_LOG_QUIET;
  (*encoder->codec)->SetOption(encoder->codec, ENCODER_OPTION_TRACE_LEVEL, &quiet);
  SEncParamExt parameters;
  memset(&parameters, 0, sizeof parameters);
  int format = videoFormatI420;
  if ((*encoder->codec)->GetDefaultParams(encoder->codec, &parameters) != 0) goto refused;
  fill(&parameters, settings);
  if ((*encoder->codec)->InitializeExt(encoder->codec, &parameters) != 0) goto refused;
  (*encoder->codec)->SetOption(encoder->codec, ENCODER_OPTION_TRACE_LEVEL, &quiet);
  (*encoder->codec)->SetOption(encoder->codec, ENCODER_OPTION_DATAFORMAT, &format);
  return encoder;
refused:
  pk_h264_encoder_free(encoder);
  return NULL;
}

void pk_h264_encoder_free(pk_h264_encoder *encoder) {
  if (encoder == NULL) return;
  if (encoder->codec != NULL) {
    (*encoder->codec)->Uninitialize(encoder->codec);
    WelsDestroySVCEncoder(encoder->codec);
  }
  free(encoder->buffer);
  free(encoder);
}

// Layers lie in buffers of their own; the caller wants one.
static int gather(pk_h264_encoder *encoder, const SFrameBSInfo *info, size_t *total) {
  size_t needed = 0;
  for (int layer = 0; layer < info->iLayerNum && layer < MAX_LAYER_NUM_OF_FRAME; layer++) {
    for (int nal = 0; nal < info->sLayerInfo[layer].iNalCount; nal++) {
      int length = info->sLayerInfo[layer].pNalLengthInByte[nal];
      if (length < 0) return PK_FAILED;
      needed += (size_t)length;
    }
  }
  if (needed > (size_t)INT32_MAX) return PK_FAILED;
  if (needed > encoder->capacity) {
    uint8_t *grown = realloc(encoder->buffer, needed);
    if (grown == NULL) return PK_FAILED;
    encoder->buffer = grown;
    encoder->capacity = needed;
  }
  size_t at = 0;
  for (int layer = 0; layer < info->iLayerNum && layer < MAX_LAYER_NUM_OF_FRAME; layer++) {
    size_t length = 0;
    for (int nal = 0; nal < info->sLayerInfo[layer].iNalCount; nal++) {
      length += (size_t)info->sLayerInfo[layer].pNalLengthInByte[nal];
    }
    if (length > 0) memcpy(encoder->buffer + at, info->sLayerInfo[layer].pBsBuf, length);
    at += length;
  }
  *total = at;
  return PK_OK;
}

int pk_h264_encoder_encode(pk_h264_encoder *encoder, const uint8_t *picture, size_t count, int64_t milliseconds,
                           int force_idr, const uint8_t **bytes, size_t *bytes_count) {
  if (encoder == NULL || picture == NULL || bytes == NULL || bytes_count == NULL) return PK_BAD_ARGUMENT;
  if (count != pk_i420_bytes(encoder->width, encoder->height)) return PK_BAD_ARGUMENT;
  size_t luma = (size_t)encoder->width * (size_t)encoder->height;
  SSourcePicture source;
  memset(&source, 0, sizeof source);
  source.iColorFormat = videoFormatI420;
  source.iPicWidth = encoder->width;
  source.iPicHeight = encoder->height;
  source.uiTimeStamp = milliseconds;
  source.iStride[0] = encoder->width;
  source.iStride[1] = source.iStride[2] = encoder->width / 2;
  // The encoder only reads; its structure lacks the const.
  source.pData[0] = (unsigned char *)picture;
  source.pData[1] = source.pData[0] + luma;
  source.pData[2] = source.pData[1] + luma / 4;
  SFrameBSInfo info;
  memset(&info, 0, sizeof info);
  if (force_idr) (*encoder->codec)->ForceIntraFrame(encoder->codec, true);
  if ((*encoder->codec)->EncodeFrame(encoder->codec, &source, &info) != cmResultSuccess) return PK_FAILED;
  *bytes = NULL;
  *bytes_count = 0;
  if (info.eFrameType == videoFrameTypeSkip) return PK_FRAME_SKIPPED;
  if (info.eFrameType == videoFrameTypeInvalid) return PK_FAILED;
  if (gather(encoder, &info, bytes_count) != PK_OK) return PK_FAILED;
  if (*bytes_count == 0) return PK_FRAME_SKIPPED;
  *bytes = encoder->buffer;
  return info.eFrameType == videoFrameTypeIDR ? PK_FRAME_IDR : PK_FRAME_OTHER;
}

size_t pk_annexb_find(const uint8_t *bytes, size_t count, size_t from) {
  size_t at = from;
  while (at + 3 <= count) {
    const uint8_t *one = memchr(bytes + at + 2, 1, count - at - 2);
    if (one == NULL) return count;
    size_t index = (size_t)(one - bytes);
    if (bytes[index - 1] == 0 && bytes[index - 2] == 0) return index - 2;
    at = index - 1;
  }
  return count;
}
