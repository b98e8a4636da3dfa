#include "packing.h"

int64_t matrix_panel_columns(void) { return PANEL; }

size_t matrix_packed_bytes(int64_t inner, int64_t columns, bool bf16) {
  size_t panels = (size_t)((columns + PANEL - 1) / PANEL);
  size_t depth = (size_t)(bf16 ? (inner + 1) / 2 : inner);
  return panels * depth * PANEL * sizeof(float);
}

bool matrix_supports_bf16(void) {
#if defined(__AVX512BF16__)
  return __builtin_cpu_supports("avx512bf16");
#else
  return false;
#endif
}

/// Rows from a copied line to the one fetched for later.
#define ROWS_AHEAD 16

/// One panel of a row-major matrix.
static void pack_rows(const float *b, int64_t stride, int64_t inner, int64_t width, float *out) {
  for (int64_t k = 0; k < inner; k++, b += stride, out += PANEL) {
    __builtin_prefetch(b + ROWS_AHEAD * stride, 0, 3);
    UNROLLED for (int v = 0; v < PANEL_VECTORS; v++) {
      store16(out + 16 * v, load_some(b + 16 * v, width - 16 * v));
    }
  }
}

/// One panel of a matrix stored as its transpose: TURNED rows at a time are turned round.
static void pack_transposed(const float *b, int64_t stride, int64_t inner, int64_t width,
                            float *out) {
  for (int64_t first = 0; first < PANEL; first += TURNED, b += TURNED * stride, out += TURNED) {
    int64_t k = 0;
    for (; first + TURNED <= width && k + TURNED <= inner; k += TURNED) {
      turned_line block[TURNED];
      UNROLLED for (int n = 0; n < TURNED; n++) {
        const float *line = b + n * stride + k;
        if (k % 16 == 0) __builtin_prefetch(line + PANEL * stride, 0, 3);
        block[n] = *(const unaligned_line *)line;
      }
      turn_round(block);
      UNROLLED for (int i = 0; i < TURNED; i++) {
        *(unaligned_line *)(out + (k + i) * PANEL) = block[i];
      }
    }
    for (; k < inner; k++) {
      for (int64_t n = 0; n < TURNED; n++) {
        out[k * PANEL + n] = first + n < width ? b[n * stride + k] : 0;
      }
    }
  }
}

#if defined(__AVX512BF16__)
static void pack_rows_bf16(const float *b, int64_t stride, int64_t inner, int64_t width,
                           float *out) {
  const float16lanes zero = (float16lanes)(0.0f);
  for (int64_t k = 0; k < inner; k += 2, b += 2 * stride, out += PANEL) {
    for (int v = 0; v < PANEL_VECTORS; v++) {
      float16lanes first = load_some(b + 16 * v, width - 16 * v);
      float16lanes second =
          k + 1 < inner ? load_some(b + stride + 16 * v, width - 16 * v) : zero;
      store16(out + 16 * v, bf16_pairs(first, second));
    }
  }
}

static void pack_transposed_bf16(const float *b, int64_t stride, int64_t inner, int64_t width,
                                 float *out) {
  for (int v = 0; v < PANEL_VECTORS; v++) {
    for (int64_t k = 0; k < inner; k += 32) {
      float16lanes block[16];
      for (int n = 0; n < 16; n++) {
        const float *line = b + (16 * v + n) * stride + k;
        block[n] = 16 * v + n < width ? bf16_neighbours(load_some(line, inner - k),
                                                        load_some(line + 16, inner - k - 16))
                                      : (float16lanes)(0.0f);
      }
      turn_round(block);
      for (int64_t i = 0; i < 16 && k + 2 * i < inner; i++) {
        store16(out + (k / 2 + i) * PANEL + 16 * v, block[i]);
      }
    }
  }
}
#endif

void matrix_pack(const float *b, int64_t stride, matrix_layout layout, int64_t inner,
                 int64_t columns, bool bf16, int64_t first, int64_t end, void *panels) {
  int64_t depth = bf16 ? (inner + 1) / 2 : inner;
  for (int64_t panel = first; panel < end; panel++) {
    int64_t column = panel * PANEL, width = columns - column < PANEL ? columns - column : PANEL;
    float *out = (float *)panels + panel * depth * PANEL;
    const float *source = layout == MATRIX_TRANSPOSED ? b + column * stride : b + column;
#if defined(__AVX512BF16__)
    if (bf16) {
      (layout == MATRIX_TRANSPOSED ? pack_transposed_bf16 : pack_rows_bf16)(source, stride, inner,
                                                                            width, out);
      continue;
    }
#endif
    (layout == MATRIX_TRANSPOSED ? pack_transposed : pack_rows)(source, stride, inner, width, out);
  }
}
