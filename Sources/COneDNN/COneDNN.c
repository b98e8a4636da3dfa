#include "COneDNN.h"

#include <malloc.h>
#include <stdio.h>

#if __has_include(<oneapi/dnnl/dnnl.h>)
#include <oneapi/dnnl/dnnl.h>
#else
#include <dnnl.h>
#endif

// omp.h is not on the path of Swift's clang; the symbol comes with oneDNN's libgomp.
void omp_set_num_threads(int);

int onednn_matrix_product(bool transposeA, bool transposeB, int64_t rows, int64_t columns,
                          int64_t inner, float alpha, const float *a, int64_t lda, const float *b,
                          int64_t ldb, float beta, float *c, int64_t ldc) {
  return (int)dnnl_sgemm(transposeA ? 'T' : 'N', transposeB ? 'T' : 'N', rows, columns, inner,
                         alpha, a, lda, b, ldb, beta, c, ldc);
}

void onednn_use_one_thread(void) { omp_set_num_threads(1); }

const char *onednn_version_text(void) {
  static char text[32];
  const dnnl_version_t *version = dnnl_version();
  snprintf(text, sizeof text, "%d.%d.%d", version->major, version->minor, version->patch);
  return text;
}

void memory_trim(void) { malloc_trim(0); }
