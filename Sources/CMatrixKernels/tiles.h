// One tile of a product: `rows` x PANEL sums held in registers while the inner index runs.
//
// The left operand lies row by row, ROW_STRIDE floats apart, in a small buffer; or, when it is stored
// as its transpose, inner index by inner index.
#ifndef TILES_H
#define TILES_H

#include "CMatrixKernels.h"
#include "CVectorMath.h"

#if defined(__AVX512BF16__)
#include <immintrin.h>
#endif

#if defined(__AVX512F__)
// 28 sums, two columns vectors, and the left operand as a broadcast from memory: 30 of 32 registers.
#define TILE_ROWS 14
#define PANEL_VECTORS 2
/// Inner indices handled at once, so that a tile's left operand stays in the first cache.
#define INNER_BLOCK 384
/// Floats from one inner index to the next of a turned left operand that was copied.
#define TILE_STRIDE 16
/// Inner indices from a load to its prefetch, eight kilobytes: this far covers the latency of memory
/// when few rows use a panel.
#define PREFETCH 64
#else
// With sixteen registers of 8 lanes: 12 sums, two of the right operand, one of the left.
#define TILE_ROWS 6
#define PANEL_VECTORS 1
#define INNER_BLOCK 256
#define TILE_STRIDE 8
#define PREFETCH 128
#endif
#define PANEL (16 * PANEL_VECTORS)

/// An odd number of cache lines: rows do not compete for the same places.
#define ROW_STRIDE (INNER_BLOCK + 16)

typedef float unaligned16 __attribute__((ext_vector_type(16), aligned(4)));

VECTOR_FUNCTION float16lanes load16(const float *p) { return *(const unaligned16 *)p; }
VECTOR_FUNCTION void store16(float *p, float16lanes x) { *(unaligned16 *)p = x; }

typedef struct {
  int64_t inner;
  const float *a;
  int64_t a_stride;  // from one inner index (or pair) to the next, when A is turned
  const float *b;
  int64_t b_stride;
  const float *ahead;  // what is prefetched meanwhile
  int64_t ahead_step;
  float *c;
  int64_t c_stride;
  const float *bias;
  matrix_start start;
} tile_work;

#define UNROLLED _Pragma("clang loop unroll(full)")

VECTOR_FUNCTION void tile_begin(const int rows, float16lanes sums[][PANEL_VECTORS],
                                const tile_work *w) {
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < PANEL_VECTORS; v++) {
      sums[r][v] = w->start == MATRIX_FROM_ZERO ? (float16lanes)(0.0f)
                   : w->start == MATRIX_FROM_BIAS
                       ? load16(w->bias + 16 * v)
                       : load16(w->c + r * w->c_stride + 16 * v);
    }
  }
}

VECTOR_FUNCTION void tile_end(const int rows, float16lanes sums[][PANEL_VECTORS],
                              const tile_work *w) {
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < PANEL_VECTORS; v++) {
      store16(w->c + r * w->c_stride + 16 * v, sums[r][v]);
    }
  }
}

/// One inner index.
VECTOR_FUNCTION void tile_step_f32(const int rows, const int row_stride,
                                   float16lanes sums[][PANEL_VECTORS], const float *a,
                                   const float *b) {
  float16lanes right[PANEL_VECTORS];
  UNROLLED for (int v = 0; v < PANEL_VECTORS; v++) right[v] = load16(b + 16 * v);
  UNROLLED for (int r = 0; r < rows; r++) {
    float16lanes left = (float16lanes)(a[r * row_stride]);
    UNROLLED for (int v = 0; v < PANEL_VECTORS; v++) sums[r][v] = left * right[v] + sums[r][v];
  }
}

/// All inner indices, four at a time.
///
/// - Parameter every: Fetches ahead at each index, not once in four.
VECTOR_FUNCTION void tile_steps_f32(const int rows, const int row_stride,
                                    const int64_t inner_stride, const bool every,
                                    float16lanes sums[][PANEL_VECTORS], const tile_work *w) {
  const float *a = w->a, *b = w->b, *ahead = w->ahead;
  const int64_t b_stride = w->b_stride, ahead_step = w->ahead_step;
  int64_t k = w->inner;
  for (; k >= 4; k -= 4) {
    UNROLLED for (int u = 0; u < 4; u++) {
      if (every || u == 0) __builtin_prefetch(ahead + u * ahead_step, 0, 3);
      if (every && PANEL_VECTORS > 1) __builtin_prefetch(ahead + u * ahead_step + 16, 0, 3);
      tile_step_f32(rows, row_stride, sums, a + u * inner_stride, b + u * b_stride);
    }
    ahead += 4 * ahead_step;
    a += 4 * inner_stride;
    b += 4 * b_stride;
  }
  for (; k > 0; k--, a += inner_stride, b += b_stride) {
    tile_step_f32(rows, row_stride, sums, a, b);
  }
}

VECTOR_FUNCTION void tile_f32(const int rows, const int row_stride, const int64_t inner_stride,
                              const tile_work *w) {
  float16lanes sums[TILE_ROWS][PANEL_VECTORS];
  tile_begin(rows, sums, w);
  if (4 * w->ahead_step <= 16) {
    tile_steps_f32(rows, row_stride, inner_stride, false, sums, w);
  } else {
    tile_steps_f32(rows, row_stride, inner_stride, true, sums, w);
  }
  tile_end(rows, sums, w);
}

#if defined(__AVX512BF16__)
// Two inner indices at a time: operands are pairs of bf16 in 32 bits, `inner` counts pairs.
VECTOR_FUNCTION void tile_bf16(const int rows, const int row_stride, const int64_t inner_stride,
                               const tile_work *w) {
  float16lanes sums[TILE_ROWS][PANEL_VECTORS];
  tile_begin(rows, sums, w);
  const float *a = w->a, *b = w->b;
  const int64_t b_stride = w->b_stride, ahead_step = w->ahead_step;
  const float *ahead = w->ahead;
  for (int64_t k = w->inner; k > 0; k--) {
    __m512bh right[PANEL_VECTORS];
    __builtin_prefetch(ahead, 0, 3);
    if (PANEL_VECTORS > 1) __builtin_prefetch(ahead + 16, 0, 3);
    ahead += ahead_step;
    UNROLLED for (int v = 0; v < PANEL_VECTORS; v++) {
      right[v] = (__m512bh)_mm512_loadu_ps(b + 16 * v);
    }
    UNROLLED for (int r = 0; r < rows; r++) {
      __m512bh left = (__m512bh)_mm512_set1_ps(a[r * row_stride]);
      UNROLLED for (int v = 0; v < PANEL_VECTORS; v++) {
        sums[r][v] = (float16lanes)_mm512_dpbf16_ps((__m512)sums[r][v], left, right[v]);
      }
    }
    a += inner_stride;
    b += b_stride;
  }
  tile_end(rows, sums, w);
}
#endif

typedef void (*tile_function)(const tile_work *);

#endif
