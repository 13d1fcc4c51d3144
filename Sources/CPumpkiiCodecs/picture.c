#include "picture.h"

#include <libyuv.h>
#include <string.h>

static int half(int side) { return (side + 1) / 2; }

int pk_size_ok(int width, int height) {
  return width >= 2 && height >= 2 && width <= PK_MAX_SIDE && height <= PK_MAX_SIDE;
}

size_t pk_i420_bytes(int width, int height) {
  size_t luma = (size_t)width * (size_t)height;
  return luma + luma / 2;
}

static int tight_stride(int pixels, int width) {
  return pixels == PK_PIXELS_YUYV ? half(width) * 4 : width;
}

// Size and stride of the chroma planes, one after the other behind the first; 0 planes for grey and packed layouts.
static int chroma_shape(int pixels, int width, int height, int stride, int *chroma_stride, int *chroma_height) {
  int padded = stride != width;
  switch (pixels) {
    case PK_PIXELS_YUV420:
      *chroma_stride = padded ? half(stride) : half(width);
      *chroma_height = half(height);
      return 2;
    case PK_PIXELS_YUV422:
      *chroma_stride = padded ? half(stride) : half(width);
      *chroma_height = height;
      return 2;
    case PK_PIXELS_YUV444:
      *chroma_stride = stride;
      *chroma_height = height;
      return 2;
    case PK_PIXELS_NV12:
      *chroma_stride = padded ? stride : half(width) * 2;
      *chroma_height = half(height);
      return 1;
    default:
      *chroma_stride = 0;
      *chroma_height = 0;
      return 0;
  }
}

static int layout_ok(int pixels) {
  return pixels == PK_PIXELS_YUV420 || pixels == PK_PIXELS_YUV422 || pixels == PK_PIXELS_YUV444 ||
         pixels == PK_PIXELS_GREY || pixels == PK_PIXELS_YUYV || pixels == PK_PIXELS_NV12;
}

size_t pk_picture_bytes(int pixels, int width, int height, int stride) {
  if (!pk_size_ok(width, height) || !layout_ok(pixels)) return 0;
  int tight = tight_stride(pixels, width);
  if (stride == 0) stride = tight;
  if (stride < tight || stride > PK_MAX_SIDE * 8) return 0;
  int chroma_stride, chroma_height;
  int planes = chroma_shape(pixels, width, height, stride, &chroma_stride, &chroma_height);
  return (size_t)stride * (size_t)height + (size_t)planes * (size_t)chroma_stride * (size_t)chroma_height;
}

void pk_planes_to_i420(int pixels, const pk_planes *source, int width, int height, uint8_t *target) {
  int even_width = width & ~1, even_height = height & ~1;
  int chroma_width = even_width / 2, chroma_height = even_height / 2;
  uint8_t *u = target + (size_t)even_width * (size_t)even_height;
  uint8_t *v = u + (size_t)chroma_width * (size_t)chroma_height;
  CopyPlane(source->data[0], source->stride[0], target, even_width, even_width, even_height);
  if (pixels == PK_PIXELS_GREY) {
    memset(u, 128, 2 * (size_t)chroma_width * (size_t)chroma_height);
    return;
  }
  int from_width = pixels == PK_PIXELS_YUV444 || pixels == PK_PIXELS_YUV440 ? even_width
                   : pixels == PK_PIXELS_YUV411                             ? (even_width + 3) / 4
                                                                            : chroma_width;
  int from_height = pixels == PK_PIXELS_YUV420 || pixels == PK_PIXELS_YUV440 ? chroma_height : even_height;
  for (int plane = 1; plane < 3; plane++) {
    ScalePlane(source->data[plane], source->stride[plane], from_width, from_height, plane == 1 ? u : v, chroma_width,
               chroma_width, chroma_height, kFilterBox);
  }
}

int pk_convert(int pixels, const uint8_t *source, size_t source_count, int width, int height, int stride,
               uint8_t *target, size_t target_count) {
  size_t needed = pk_picture_bytes(pixels, width, height, stride);
  if (source == NULL || target == NULL || needed == 0) return PK_BAD_ARGUMENT;
  int even_width = width & ~1, even_height = height & ~1;
  if (target_count != pk_i420_bytes(even_width, even_height)) return PK_BAD_ARGUMENT;
  if (source_count < needed) return PK_BAD_DATA;
  if (stride == 0) stride = tight_stride(pixels, width);
  int chroma_stride, chroma_height;
  chroma_shape(pixels, width, height, stride, &chroma_stride, &chroma_height);
  const uint8_t *second = source + (size_t)stride * (size_t)height;
  uint8_t *u = target + (size_t)even_width * (size_t)even_height;
  uint8_t *v = u + (size_t)(even_width / 2) * (size_t)(even_height / 2);
  if (pixels == PK_PIXELS_YUYV) {
    return YUY2ToI420(source, stride, target, even_width, u, even_width / 2, v, even_width / 2, even_width,
                      even_height) == 0 ? PK_OK : PK_FAILED;
  }
  if (pixels == PK_PIXELS_NV12) {
    return NV12ToI420(source, stride, second, chroma_stride, target, even_width, u, even_width / 2, v, even_width / 2,
                      even_width, even_height) == 0 ? PK_OK : PK_FAILED;
  }
  pk_planes planes = {{source, second, second + (size_t)chroma_stride * (size_t)chroma_height},
                      {stride, chroma_stride, chroma_stride}};
  pk_planes_to_i420(pixels, &planes, width, height, target);
  return PK_OK;
}

int pk_i420_to_nv12(const uint8_t *source, int width, int height, uint8_t *target, size_t target_count) {
  if (source == NULL || target == NULL || !pk_size_ok(width, height) || ((width | height) & 1)) return PK_BAD_ARGUMENT;
  if (target_count != pk_i420_bytes(width, height)) return PK_BAD_ARGUMENT;
  size_t luma = (size_t)width * (size_t)height;
  const uint8_t *u = source + luma, *v = u + luma / 4;
  return I420ToNV12(source, width, u, width / 2, v, width / 2, target, width, target + luma, width, width, height) == 0
             ? PK_OK : PK_FAILED;
}

static uint8_t clamp(int value) { return value < 0 ? 0 : value > 255 ? 255 : (uint8_t)value; }

int pk_expand_range(uint8_t *picture, size_t count, int width, int height) {
  if (picture == NULL || !pk_size_ok(width, height) || count != pk_i420_bytes(width, height)) return PK_BAD_ARGUMENT;
  uint8_t luma[256], chroma[256];
  for (int value = 0; value < 256; value++) {
    luma[value] = clamp(((value - 16) * 255 + (value >= 16 ? 109 : -109)) / 219);
    chroma[value] = clamp(128 + ((value - 128) * 255 + (value >= 128 ? 112 : -112)) / 224);
  }
  size_t pixels = (size_t)width * (size_t)height;
  for (size_t at = 0; at < pixels; at++) picture[at] = luma[picture[at]];
  for (size_t at = pixels; at < count; at++) picture[at] = chroma[picture[at]];
  return PK_OK;
}

int pk_fill_black(uint8_t *picture, size_t count, int width, int height, int left, int top, int right, int bottom,
                  uint8_t black) {
  if (picture == NULL || !pk_size_ok(width, height) || count != pk_i420_bytes(width, height)) return PK_BAD_ARGUMENT;
  if (left < 0 || top < 0 || left > right || top > bottom || right > width || bottom > height) return PK_BAD_ARGUMENT;
  if ((width | height | left | top | right | bottom) & 1) return PK_BAD_ARGUMENT;
  for (int row = top; row < bottom; row++) {
    memset(picture + (size_t)row * (size_t)width + left, black, (size_t)(right - left));
  }
  size_t half_width = (size_t)width / 2, luma = (size_t)width * (size_t)height;
  for (int row = top / 2; row < bottom / 2; row++) {
    uint8_t *u = picture + luma + (size_t)row * half_width + left / 2;
    memset(u, 128, (size_t)(right - left) / 2);
    memset(u + luma / 4, 128, (size_t)(right - left) / 2);
  }
  return PK_OK;
}

int pk_luma_cells(const uint8_t *luma, size_t count, int width, int height, int stride, int columns, int rows,
                  uint16_t *cells) {
  if (luma == NULL || cells == NULL || width < 1 || height < 1 || width > PK_MAX_SIDE || height > PK_MAX_SIDE) {
    return PK_BAD_ARGUMENT;
  }
  if (stride < width || columns < 1 || rows < 1 || columns > 256 || rows > 256) return PK_BAD_ARGUMENT;
  if (count < (size_t)stride * (size_t)(height - 1) + (size_t)width) return PK_BAD_ARGUMENT;
  for (int row = 0; row < rows; row++) {
    int top = row * height / rows, bottom = (row + 1) * height / rows;
    // A picture smaller than the grid: each cell has its nearest pixel.
    if (bottom <= top) bottom = top + 1;
    for (int column = 0; column < columns; column++) {
      int left = column * width / columns, right = (column + 1) * width / columns;
      if (right <= left) right = left + 1;
      uint32_t sum = 0, pixels = (uint32_t)(right - left) * (uint32_t)(bottom - top);
      for (int line = top; line < bottom; line++) {
        const uint8_t *from = luma + (size_t)line * (size_t)stride;
        for (int at = left; at < right; at++) sum += from[at];
      }
      cells[row * columns + column] = (uint16_t)((uint64_t)sum * 16 / pixels);
    }
  }
  return PK_OK;
}
