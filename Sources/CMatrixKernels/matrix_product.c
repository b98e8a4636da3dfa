#include "packing.h"

#include <stdlib.h>
#include <threads.h>

// Loops around the tiles, after Goto and van de Geijn (2008). With AVX-512 a block of the right operand
// stays in the second cache while all rows pass by, and in the first one a tile's left operand. With
// AVX2 the left operands of many tiles stay in the second cache while the panels of a wider block pass
// by, each staying in the first one until all tiles have used it.

#if defined(__AVX512F__)
/// Columns whose panels are in the second cache (a megabyte) together with a tile's sums.
#define COLUMN_BLOCK 384
/// A right operand up to this many bytes (its gaps included) is read where it lies.
#define DIRECT_BYTES (256 << 10)
/// A turned left operand with short rows is read where it lies: its lines spread over the cache.
#define READS_LEFT_IN_PLACE(stride, inner) ((stride) <= 1024)
/// Tiles whose turned left operand is copied at once.
#define LEFT_TILES 1
#else
// The second cache is half as large and a tile uses 6 of the 16 floats of a line of a turned operand:
// whole lines are copied, for many tiles, and little is read where it lies. Twelve tiles hold 64 rows,
// so that a batch of 64 reads its weights from memory once.
#define COLUMN_BLOCK 768
#define DIRECT_BYTES (32 << 10)
#define READS_LEFT_IN_PLACE(stride, inner) ((stride) * (inner) * 4 <= 16 << 10)
#define LEFT_TILES 12
#endif
/// Rows, and inner indices of a turned operand, from a copied line to the one fetched for later.
#define COPIED_AHEAD 4
#define TURNED_AHEAD 8

// MARK: - Tiles of every height

#define TILES(rows)                                                                                \
  static void f32_rows_##rows(const tile_work *w) { tile_f32(rows, ROW_STRIDE, 1, w); }            \
  static void f32_turned_##rows(const tile_work *w) { tile_f32(rows, 1, w->a_stride, w); }
#if defined(__AVX512BF16__)
#define TILES_BF16(rows)                                                                           \
  static void bf16_rows_##rows(const tile_work *w) { tile_bf16(rows, ROW_STRIDE, 1, w); }          \
  static void bf16_turned_##rows(const tile_work *w) { tile_bf16(rows, 1, w->a_stride, w); }
#else
#define TILES_BF16(rows)
#endif
#define ALL_TILES(rows) TILES(rows) TILES_BF16(rows)

ALL_TILES(1)
ALL_TILES(2)
ALL_TILES(3)
ALL_TILES(4)
ALL_TILES(5)
ALL_TILES(6)
#if TILE_ROWS > 6
ALL_TILES(7)
ALL_TILES(8)
ALL_TILES(9)
ALL_TILES(10)
ALL_TILES(11)
ALL_TILES(12)
ALL_TILES(13)
ALL_TILES(14)
#define LIST(kind)                                                                                 \
  {kind##1, kind##2, kind##3,  kind##4,  kind##5,  kind##6,  kind##7,                              \
   kind##8, kind##9, kind##10, kind##11, kind##12, kind##13, kind##14}
#else
#define LIST(kind) {kind##1, kind##2, kind##3, kind##4, kind##5, kind##6}
#endif

static const tile_function f32_tiles[2][TILE_ROWS] = {LIST(f32_rows_), LIST(f32_turned_)};
#if defined(__AVX512BF16__)
static const tile_function bf16_tiles[2][TILE_ROWS] = {LIST(bf16_rows_), LIST(bf16_turned_)};
#endif

// MARK: - Memory of a thread

/// Floats of one tile's left operand in either form.
#define LEFT_TILE                                                                                  \
  (TILE_ROWS * ROW_STRIDE > INNER_BLOCK * TILE_STRIDE ? TILE_ROWS * ROW_STRIDE                     \
                                                      : INNER_BLOCK * TILE_STRIDE)

typedef struct {
  float left[LEFT_TILES * LEFT_TILE];
  float right[INNER_BLOCK * COLUMN_BLOCK];
  float edge[TILE_ROWS * PANEL];
  float bias[PANEL];
} workspace;

static tss_t workspace_key;
static once_flag workspace_once = ONCE_FLAG_INIT;
static void make_workspace_key(void) { tss_create(&workspace_key, free); }

static workspace *thread_workspace(void) {
  static _Thread_local workspace *own;
  if (own) return own;
  call_once(&workspace_once, make_workspace_key);
  own = aligned_alloc(64, (sizeof(workspace) + 63) / 64 * 64);
  if (!own) abort();
  tss_set(workspace_key, own);
  return own;
}

// MARK: - The left operand of a tile

static void copy_left(const matrix_product *p, int64_t row, int64_t rows, int64_t k, int64_t inner,
                      float *out) {
  const float *a = p->a + row * p->a_stride + k;
  for (int64_t r = 0; r < rows; r++, a += p->a_stride, out += ROW_STRIDE) {
    int64_t i = 0;
    for (; i + 16 <= inner; i += 16) {
      __builtin_prefetch(a + COPIED_AHEAD * p->a_stride + i, 0, 3);
      store16(out + i, load16(a + i));
    }
    for (; i < inner; i++) out[i] = a[i];
  }
}

/// The first row of a tile: tiles of a product have nearly equal heights (16 rows are 8 + 8, not
/// 14 + 2).
static int64_t tile_row(const matrix_product *p, int64_t tile, int64_t tiles) {
  return p->rows * tile / tiles;
}

/// Tiles `first` up to `end` of a turned left operand, a line at a time for all of them.
static void copy_left_turned(const matrix_product *p, int64_t first, int64_t end, int64_t tiles,
                             int64_t k, int64_t inner, float *out) {
  const int64_t stride = p->a_stride;
  int64_t starts[LEFT_TILES + 1];
  for (int64_t t = first; t <= end; t++) starts[t - first] = tile_row(p, t, tiles);
  for (int64_t i = 0; i < inner; i++) {
    const float *a = p->a + (k + i) * stride;
    float *to = out + i * TILE_STRIDE;
    for (int64_t row = starts[0]; row < starts[end - first]; row += 16) {
      __builtin_prefetch(a + TURNED_AHEAD * stride + row, 0, 3);
    }
    for (int64_t t = 0; t < end - first; t++, to += LEFT_TILE) {
      const int64_t row = starts[t], rows = starts[t + 1] - row;
      if (row + TILE_STRIDE <= p->rows) {
        memcpy(to, a + row, TILE_STRIDE * sizeof(float));
      } else {
        for (int64_t r = 0; r < rows; r++) to[r] = a[row + r];
      }
    }
  }
}

#if defined(__AVX512BF16__)
static void copy_left_bf16(const matrix_product *p, int64_t row, int64_t rows, int64_t k,
                           int64_t inner, float *out) {
  const float16lanes zero = (float16lanes)(0.0f);
  if (p->a_transposed) {
    const __mmask16 mask = (__mmask16)((1u << rows) - 1);
    for (int64_t i = 0; i < inner; i += 2) {
      const float *a = p->a + (k + i) * p->a_stride + row;
      float16lanes first = (float16lanes)_mm512_maskz_loadu_ps(mask, a);
      float16lanes second =
          i + 1 < inner ? (float16lanes)_mm512_maskz_loadu_ps(mask, a + p->a_stride) : zero;
      store16(out + i / 2 * TILE_STRIDE, bf16_pairs(first, second));
    }
    return;
  }
  for (int64_t r = 0; r < rows; r++) {
    const float *a = p->a + (row + r) * p->a_stride + k;
    for (int64_t i = 0; i < inner; i += 32) {
      store16(out + r * ROW_STRIDE + i / 2,
              bf16_neighbours(load_some(a + i, inner - i), load_some(a + i + 16, inner - i - 16)));
    }
  }
}
#endif

// MARK: - What follows the sums

/// Adds the residual and applies GELU to a part of the result that is still in the cache.
static void finish(const matrix_product *p, int64_t row, int64_t rows, int64_t first, int64_t end) {
  if (!p->residual && !p->activated) return;
  for (int64_t r = row; r < row + rows; r++) {
    float *c = p->c + r * p->c_stride;
    if (p->residual) {
      const float *x = p->residual + r * p->residual_stride;
      int64_t j = first;
      for (; j + 16 <= end; j += 16) store16(c + j, load16(c + j) + load16(x + j));
      for (; j < end; j++) c[j] += x[j];
    }
    if (p->activated) {
      float *y = p->activated + r * p->activated_stride;
      int64_t j = first;
      for (; j + 16 <= end; j += 16) store16(y + j, vector_gelu(load16(c + j)));
      if (j < end) {
        float16lanes last = vector_gelu(load_some(c + j, end - j));
        for (int64_t i = 0; j + i < end; i++) y[j + i] = last[i];
      }
    }
  }
}

// MARK: - The product

typedef struct {
  const matrix_product *p;
  workspace *memory;
  int64_t first, end;  // columns of this block
  int64_t k, inner;    // inner indices of this block
  const float *b;      // the block's first panel
  int64_t b_stride;    // from one inner index (or pair) to the next
  int64_t panel_step;  // from one panel to the next
  bool copies;         // the left operand into this thread's memory
} column_block;

/// Fills what all tiles of the block share, and the left operands of tiles `first` up to `end`.
static tile_work prepare_tiles(const column_block *s, int64_t first, int64_t end, int64_t tiles) {
  const matrix_product *p = s->p;
  tile_work w = {.inner = s->inner,
                 .a_stride = s->copies ? TILE_STRIDE : p->a_stride,
                 .b_stride = s->b_stride,
                 .start = s->k > 0 ? MATRIX_FROM_RESULT : p->start};
#if defined(__AVX512BF16__)
  if (p->bf16) w.inner = (s->inner + 1) / 2;
#endif
  if (!s->copies) return w;
  if (p->a_transposed && !p->bf16) {
    copy_left_turned(p, first, end, tiles, s->k, s->inner, s->memory->left);
    return w;
  }
  float *out = s->memory->left;
  for (int64_t t = first; t < end; t++, out += LEFT_TILE) {
    const int64_t row = tile_row(p, t, tiles), rows = tile_row(p, t + 1, tiles) - row;
#if defined(__AVX512BF16__)
    if (p->bf16) {
      copy_left_bf16(p, row, rows, s->k, s->inner, out);
      continue;
    }
#endif
    copy_left(p, row, rows, s->k, s->inner, out);
  }
  return w;
}

/// One tile at the last columns: a whole tile beside the result, of which a part is copied.
static void multiply_edge(const column_block *s, tile_function tile, tile_work *w, int64_t row,
                          int64_t rows, int64_t column, int64_t width) {
  const matrix_product *p = s->p;
  float *c = p->c + row * p->c_stride + column;
  w->c = s->memory->edge;
  w->c_stride = PANEL;
  w->bias = s->memory->bias;
  if (w->start == MATRIX_FROM_BIAS) memcpy(s->memory->bias, p->bias + column, width * 4);
  for (int64_t r = 0; r < rows && w->start == MATRIX_FROM_RESULT; r++) {
    memcpy(w->c + r * PANEL, c + r * p->c_stride, width * 4);
  }
  tile(w);
  for (int64_t r = 0; r < rows; r++) memcpy(c + r * p->c_stride, w->c + r * PANEL, width * 4);
}

/// Tiles `first` up to `end`: a panel stays in the first cache while their left operands pass by.
static void multiply_tiles(const column_block *s, int64_t first, int64_t end, int64_t tiles) {
  const matrix_product *p = s->p;
  const tile_function *functions = f32_tiles[p->a_transposed];
#if defined(__AVX512BF16__)
  if (p->bf16) functions = bf16_tiles[p->a_transposed];
#endif
  tile_work w = prepare_tiles(s, first, end, tiles);
  w.b = s->b;
  for (int64_t column = s->first; column < s->end; column += PANEL, w.b += s->panel_step) {
    const int64_t width = s->end - column;
    for (int64_t t = first; t < end; t++) {
      const int64_t row = tile_row(p, t, tiles), rows = tile_row(p, t + 1, tiles) - row;
      w.a = s->copies ? s->memory->left + (t - first) * LEFT_TILE
                      : p->a + s->k * p->a_stride + row;
      // Panels stream from memory when few rows use them: a tile alone looks ahead in its own panel,
      // several fetch the next one together, so that memory is never idle.
      w.ahead = w.b + PREFETCH * s->b_stride;
      w.ahead_step = s->b_stride;
      if (end - first > 1) {
        w.ahead_step = s->b_stride / (end - first);
        w.ahead = w.b + s->panel_step + (t - first) * w.ahead_step * w.inner;
      }
      if (width < PANEL) {
        multiply_edge(s, functions[rows - 1], &w, row, rows, column, width);
        continue;
      }
      w.c = p->c + row * p->c_stride + column;
      w.c_stride = p->c_stride;
      for (int64_t r = rows; t + 1 < end && r < 2 * rows; r++) {
        __builtin_prefetch(w.c + r * p->c_stride, 1, 3);  // the next tile's sums
      }
      w.bias = p->bias ? p->bias + column : NULL;
      functions[rows - 1](&w);
    }
  }
}

/// Finds the block of the right operand: where it lies, or packed into this thread's memory.
static void locate_right(column_block *s) {
  const matrix_product *p = s->p;
  bool whole = (s->end - s->first) % PANEL == 0;
  if (p->b_layout == MATRIX_PANELS) {
    int64_t depth = p->bf16 ? (p->inner + 1) / 2 : p->inner;
    int64_t k = p->bf16 ? s->k / 2 : s->k;
    s->b = (const float *)p->b + (s->first / PANEL * depth + k) * PANEL;
    s->b_stride = PANEL;
    s->panel_step = depth * PANEL;
  } else if (p->b_layout == MATRIX_ROWS && !p->bf16 && whole &&
             (p->rows <= TILE_ROWS || p->inner * p->b_stride * 4 <= DIRECT_BYTES)) {
    s->b = (const float *)p->b + s->k * p->b_stride + s->first;
    s->b_stride = p->b_stride;
    s->panel_step = PANEL;
  } else {
    const float *source = (const float *)p->b + (p->b_layout == MATRIX_ROWS
                                                     ? s->k * p->b_stride + s->first
                                                     : s->first * p->b_stride + s->k);
    int64_t columns = s->end - s->first;
    matrix_pack(source, p->b_stride, p->b_layout, s->inner, columns, p->bf16, 0,
                (columns + PANEL - 1) / PANEL, s->memory->right);
    s->b = s->memory->right;
    s->b_stride = PANEL;
    s->panel_step = (p->bf16 ? (s->inner + 1) / 2 : s->inner) * PANEL;
  }
}

/// A product without inner indices is what it starts from.
static void fill_start(const matrix_product *p, int64_t first, int64_t end) {
  for (int64_t r = 0; r < p->rows; r++) {
    float *c = p->c + r * p->c_stride;
    if (p->start == MATRIX_FROM_ZERO) memset(c + first, 0, (end - first) * sizeof(float));
    if (p->start == MATRIX_FROM_BIAS) memcpy(c + first, p->bias + first, (end - first) * 4);
  }
}

void matrix_multiply(const matrix_product *p, int64_t first, int64_t end) {
  if (end > p->columns) end = p->columns;
  if (p->inner == 0) {
    fill_start(p, first, end);
    finish(p, 0, p->rows, first, end);
    return;
  }
  int64_t tiles = (p->rows + TILE_ROWS - 1) / TILE_ROWS;
  column_block s = {.p = p, .memory = thread_workspace()};
  for (s.first = first; s.first < end; s.first = s.end) {
    s.end = s.first + COLUMN_BLOCK < end ? s.first + COLUMN_BLOCK : end;
    for (s.k = 0; s.k < p->inner; s.k += s.inner) {
      s.inner = p->inner - s.k < INNER_BLOCK ? p->inner - s.k : INNER_BLOCK;
      s.copies = p->bf16 || !p->a_transposed || !READS_LEFT_IN_PLACE(p->a_stride, s.inner);
      locate_right(&s);
      bool last = s.k + s.inner == p->inner;
      for (int64_t t = 0; t < tiles; t += LEFT_TILES) {
        int64_t after = t + LEFT_TILES < tiles ? t + LEFT_TILES : tiles;
        multiply_tiles(&s, t, after, tiles);
        int64_t row = tile_row(p, t, tiles);
        if (last) finish(p, row, tile_row(p, after, tiles) - row, s.first, s.end);
      }
    }
  }
}
