/// Branch-free functions over sixteen floats, imported by Swift as `SIMD16<Float>`.
///
/// Swift's own SIMD falls back to one lane at a time for these; here they are packed instructions.
#ifndef C_VECTOR_MATH_H
#define C_VECTOR_MATH_H

typedef float float16lanes __attribute__((ext_vector_type(16)));
typedef int int16lanes __attribute__((ext_vector_type(16)));

// On processors without AVX-512 the compiler warns that such a vector is passed in another way than
// with it. Every function here is inlined into its caller, so nothing is passed.
#pragma clang diagnostic ignored "-Wpsabi"

#define VECTOR_FUNCTION static inline __attribute__((always_inline))

VECTOR_FUNCTION float16lanes vector_maximum(float16lanes a, float16lanes b) {
  return __builtin_elementwise_max(a, b);
}

VECTOR_FUNCTION float16lanes vector_minimum(float16lanes a, float16lanes b) {
  return __builtin_elementwise_min(a, b);
}

VECTOR_FUNCTION float16lanes vector_square_root(float16lanes x) {
  return __builtin_elementwise_sqrt(x);
}

/// e^x with a relative error of about 1.2e-7; arguments are limited to [-87.33, 88.37].
///
/// x = n ln 2 + r with |r| <= ln 2 / 2; a polynomial of degree 6 for e^r (coefficients of Cephes
/// `expf`), then n is added to the exponent bits. Adding 1.5 * 2^23 rounds to an integer.
VECTOR_FUNCTION float16lanes vector_exponential(float16lanes x) {
  const float magic = 12582912.0f;
  x = __builtin_elementwise_min(__builtin_elementwise_max(x, (float16lanes)(-87.33f)),
                                (float16lanes)(88.37f));
  float16lanes shifted = x * 1.44269504088896341f + magic;
  float16lanes n = shifted - magic;
  float16lanes r = x - n * 0.693359375f;
  r = r - n * -2.12194440e-4f;
  float16lanes p = (float16lanes)(1.9875691500e-4f);
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  float16lanes y = p * (r * r) + r + 1.0f;
  int16lanes bits = __builtin_bit_cast(int16lanes, shifted) << 23;
  return __builtin_bit_cast(float16lanes, __builtin_bit_cast(int16lanes, y) + bits);
}

/// GELU in its tanh form (Hendrycks and Gimpel 2016, arXiv:1606.08415), as one sigmoid:
///
///     gelu(x) = x / (1 + e^(-2u)),   u = sqrt(2 / pi) (x + 0.044715 x^3)
VECTOR_FUNCTION float16lanes vector_gelu(float16lanes x) {
  const float linear = 2 * 0.7978845608028654f, cubic = 2 * 0.7978845608028654f * 0.044715f;
  float16lanes twice_u = x * (x * x * cubic + linear);
  return x / (1.0f + vector_exponential(-twice_u));
}

VECTOR_FUNCTION float vector_sum(float16lanes x) {
  __attribute__((ext_vector_type(8))) float a = x.lo + x.hi;
  __attribute__((ext_vector_type(4))) float b = a.lo + a.hi;
  __attribute__((ext_vector_type(2))) float c = b.lo + b.hi;
  return c.x + c.y;
}

VECTOR_FUNCTION float vector_largest(float16lanes x) {
  __attribute__((ext_vector_type(8))) float a = __builtin_elementwise_max(x.lo, x.hi);
  __attribute__((ext_vector_type(4))) float b = __builtin_elementwise_max(a.lo, a.hi);
  __attribute__((ext_vector_type(2))) float c = __builtin_elementwise_max(b.lo, b.hi);
  return __builtin_elementwise_max(c.x, c.y);
}

/// Tells the processor that a loop waits for another thread.
static inline void spin_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

/// The instruction set this code is compiled for, and so the one its bits belong to.
static inline const char *vector_instruction_set(void) {
#if defined(__AVX512F__)
  return "x86-64 AVX-512";
#elif defined(__AVX2__) && defined(__FMA__)
  return "x86-64 AVX2 FMA";
#elif defined(__x86_64__)
  return "x86-64";
#elif defined(__aarch64__)
  return "aarch64";
#else
  return "portable";
#endif
}

#endif
