// Operands rearranged: B into panels, A into the buffer of a tile.
#ifndef PACKING_H
#define PACKING_H

#include "tiles.h"

#include <string.h>

#if defined(__AVX512BF16__)
/// Sixteen pairs rounded to bf16: lane i has first[i] in its low half and second[i] in its high one.
VECTOR_FUNCTION float16lanes bf16_pairs(float16lanes first, float16lanes second) {
  __m512i low = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)first));
  __m512i high = _mm512_cvtepu16_epi32((__m256i)_mm512_cvtneps_pbh((__m512)second));
  return (float16lanes)_mm512_or_si512(low, _mm512_slli_epi32(high, 16));
}

/// 32 neighbours rounded to bf16, two in a lane.
VECTOR_FUNCTION float16lanes bf16_neighbours(float16lanes first, float16lanes second) {
  return (float16lanes)_mm512_cvtne2ps_pbh((__m512)second, (__m512)first);
}
#endif

/// The first `count` of sixteen floats, the rest 0.
VECTOR_FUNCTION float16lanes load_some(const float *p, int64_t count) {
  if (count >= 16) return load16(p);
  float16lanes x = (float16lanes)(0.0f);
  for (int64_t i = 0; i < count; i++) x[i] = p[i];
  return x;
}

#define INTERLEAVE_LOW(a, b)                                                                       \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define INTERLEAVE_HIGH(a, b)                                                                      \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

/// Transposes sixteen vectors of sixteen lanes: four rounds of perfect shuffles.
VECTOR_FUNCTION void transpose16(float16lanes x[16]) {
  UNROLLED for (int round = 0; round < 4; round++) {
    float16lanes y[16];
    UNROLLED for (int i = 0; i < 8; i++) {
      y[2 * i] = INTERLEAVE_LOW(x[i], x[i + 8]);
      y[2 * i + 1] = INTERLEAVE_HIGH(x[i], x[i + 8]);
    }
    UNROLLED for (int i = 0; i < 16; i++) x[i] = y[i];
  }
}

#endif
