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

#if defined(__AVX512F__)
/// Lines that are turned round at once, as long as there are of them.
#define TURNED 16
typedef float16lanes turned_line;
typedef unaligned16 unaligned_line;

#define INTERLEAVE_LOW(a, b)                                                                       \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define INTERLEAVE_HIGH(a, b)                                                                      \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

/// Transposes sixteen vectors of sixteen lanes: four rounds of perfect shuffles.
VECTOR_FUNCTION void turn_round(turned_line x[TURNED]) {
  UNROLLED for (int round = 0; round < 4; round++) {
    turned_line y[TURNED];
    UNROLLED for (int i = 0; i < 8; i++) {
      y[2 * i] = INTERLEAVE_LOW(x[i], x[i + 8]);
      y[2 * i + 1] = INTERLEAVE_HIGH(x[i], x[i + 8]);
    }
    UNROLLED for (int i = 0; i < 16; i++) x[i] = y[i];
  }
}
#else
#define TURNED 8
typedef float turned_line __attribute__((ext_vector_type(8)));
typedef float unaligned_line __attribute__((ext_vector_type(8), aligned(4)));

#define SHUFFLE __builtin_shufflevector

/// Transposes eight vectors of eight lanes: within their halves, then the halves. AVX2 moves lanes
/// between halves slowly, which perfect shuffles would do in every round.
VECTOR_FUNCTION void turn_round(turned_line x[TURNED]) {
  turned_line y[TURNED], z[TURNED];
  UNROLLED for (int i = 0; i < 8; i += 2) {
    y[i] = SHUFFLE(x[i], x[i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    y[i + 1] = SHUFFLE(x[i], x[i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
  UNROLLED for (int i = 0; i < 8; i += 4) {
    UNROLLED for (int j = 0; j < 2; j++) {
      z[i + 2 * j] = SHUFFLE(y[i + j], y[i + j + 2], 0, 1, 8, 9, 4, 5, 12, 13);
      z[i + 2 * j + 1] = SHUFFLE(y[i + j], y[i + j + 2], 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  UNROLLED for (int i = 0; i < 4; i++) {
    x[i] = SHUFFLE(z[i], z[i + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    x[i + 4] = SHUFFLE(z[i], z[i + 4], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}
#endif

#endif
