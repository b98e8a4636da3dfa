/// Calls into oneDNN that the engine needs, with no oneDNN types in sight.
#ifndef C_ONEDNN_H
#define C_ONEDNN_H

#include <stdbool.h>
#include <stdint.h>

/// Row-major C = alpha * op(A) * op(B) + beta * C in f32, with op(A) of `rows` x `inner` and op(B) of
/// `inner` x `columns`; `lda`, `ldb`, `ldc` are the lengths of the stored rows. Returns 0 when done.
int onednn_matrix_product(bool transposeA, bool transposeB, int64_t rows, int64_t columns,
                          int64_t inner, float alpha, const float *a, int64_t lda, const float *b,
                          int64_t ldb, float beta, float *c, int64_t ldc);

/// Makes oneDNN single-threaded on the calling thread: parallelism is by shard, above it.
void onednn_use_one_thread(void);

/// The version of the linked library, such as "2.6.3".
const char *onednn_version_text(void);

/// Gives freed memory that the C library keeps back to the system: `malloc_trim`, which Swift's Glibc
/// module does not show.
void memory_trim(void);

#endif
