/// Matrix products in f32 and bf16, and the packing of their right-hand operands.
///
/// Every element of a product is one chain of fused multiply-adds in the order of the inner index,
/// however the work is cut into tiles, panels and threads. So a row has the same bits whatever rows
/// stand beside it, and a product has the same bits on any number of threads.
#ifndef C_MATRIX_KERNELS_H
#define C_MATRIX_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How the right-hand operand B, `inner` x `columns`, lies in memory.
typedef enum {
  /// Row-major, `inner` x `columns`.
  MATRIX_ROWS,
  /// Row-major of its transpose, `columns` x `inner`.
  MATRIX_TRANSPOSED,
  /// Panels of `matrix_panel_columns` columns, made by `matrix_pack`.
  MATRIX_PANELS
} matrix_layout;

/// What a product starts from.
typedef enum { MATRIX_FROM_ZERO, MATRIX_FROM_RESULT, MATRIX_FROM_BIAS } matrix_start;

/// C = start + A * B, then `+ residual`, then `activated = gelu(C)`.
typedef struct {
  int64_t rows, columns, inner;
  const float *a;
  int64_t a_stride;
  /// A is stored as its transpose, `inner` x `rows`.
  bool a_transposed;
  const void *b;
  int64_t b_stride;
  matrix_layout b_layout;
  float *c;
  int64_t c_stride;
  matrix_start start;
  /// `[columns]`, with MATRIX_FROM_BIAS.
  const float *bias;
  /// `rows` x `columns` or NULL.
  const float *residual;
  int64_t residual_stride;
  /// `rows` x `columns` or NULL; may be `c`.
  float *activated;
  int64_t activated_stride;
  /// Operands are rounded to bf16; sums stay f32. Panels must have been packed so.
  bool bf16;
} matrix_product;

/// Columns of a panel.
int64_t matrix_panel_columns(void);

/// Bytes of B's panels.
size_t matrix_packed_bytes(int64_t inner, int64_t columns, bool bf16);

/// Writes panels `first` up to `end` of B, which lies as `layout` says (not as panels).
void matrix_pack(const float *b, int64_t b_stride, matrix_layout layout, int64_t inner,
                 int64_t columns, bool bf16, int64_t first, int64_t end, void *panels);

/// Computes columns `first` up to `end` of the product (`first` a multiple of the panel columns).
void matrix_multiply(const matrix_product *product, int64_t first, int64_t end);

/// Whether bf16 products can be computed by this binary on this processor.
bool matrix_supports_bf16(void);

#endif
