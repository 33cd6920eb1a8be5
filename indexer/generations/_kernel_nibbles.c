/* Inner products with codes of four bits; see `_kernel.c`. */
#include "_kernel.h"

#ifdef HAS_WIDE
#include <immintrin.h>
#endif

#define AHEAD_BYTES 4096 /* the processor itself stops to read ahead at each page */

/* Codes of four bits: byte d of a row holds number d in its lower, number d + dim / 2 in its upper half. */
typedef struct {
    const uint8_t *codes;  /* (rows, dim / 2) */
    const int8_t *queries; /* (count, dim) */
    const float *factor;   /* (count,) */
    const float *offset;   /* (count,) */
    float *out;            /* (count, stride) */
    int64_t dim, count, stride;
} Nibbles;

#define DEFINE_NIBBLES(NAME, TARGET)                                                                \
    TARGET static void NAME(const Nibbles *in, int64_t begin, int64_t end) {                        \
        const int64_t half = in->dim / 2;                                                          \
        for (int64_t tile = begin; tile < end; tile += TILE) {                                     \
            const int64_t last = tile + TILE < end ? tile + TILE : end;                            \
            for (int64_t q = 0; q < in->count; q++) {                                              \
                const int8_t *restrict low = in->queries + q * in->dim, *restrict high = low + half; \
                float *restrict out = in->out + q * in->stride;                                    \
                for (int64_t row = tile; row < last; row++) {                                      \
                    const uint8_t *restrict code = in->codes + row * half;                         \
                    int32_t sum = 0, other = 0;                                                    \
                    for (int64_t d = 0; d < half; d++) {                                           \
                        const uint8_t lower = code[d] & 15, upper = code[d] >> 4;                  \
                        sum += lower * low[d];                                                     \
                        other += upper * high[d];                                                  \
                    }                                                                              \
                    out[row] = in->factor[q] * (float)(sum + other) + in->offset[q];               \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

DEFINE_NIBBLES(nibbles_plain, )
#ifdef HAS_WIDE
/* The rest of a row, where a step of 64 does not fit, is read under a mask. */
VNNI static void nibbles_vnni(
    const Nibbles *in, int64_t begin, int64_t end) {
    const int64_t half = in->dim / 2, even = half / 64 * 64;
    const __mmask64 rest = ((uint64_t)1 << (half - even)) - 1;
    const __m512i mask = _mm512_set1_epi8(15);
    for (int64_t tile = begin; tile < end; tile += TILE) {
        const int64_t last = tile + TILE < end ? tile + TILE : end;
        for (int64_t q = 0; q < in->count; q += 2) {
            const int64_t r = q + 1 < in->count ? q + 1 : q; /* two queries share a row's bytes */
            const int8_t *low = in->queries + q * in->dim, *high = low + half;
            const int8_t *low2 = in->queries + r * in->dim, *high2 = low2 + half;
            for (int64_t row = tile; row < last; row++) {
                const uint8_t *code = in->codes + row * half;
                if (q == 0)
                    for (int64_t d = 0; d < half; d += 64)
                        _mm_prefetch((const char *)code + AHEAD_BYTES + d, _MM_HINT_T0);
                __m512i sum = _mm512_setzero_si512(), sum2 = sum;
                for (int64_t d = 0; d < even; d += 64) {
                    const __m512i both = _mm512_loadu_si512(code + d);
                    const __m512i lower = _mm512_and_si512(both, mask);
                    const __m512i upper = _mm512_and_si512(_mm512_srli_epi16(both, 4), mask);
                    sum = _mm512_dpbusd_epi32(sum, lower, _mm512_loadu_si512(low + d));
                    sum = _mm512_dpbusd_epi32(sum, upper, _mm512_loadu_si512(high + d));
                    if (r == q) continue;
                    sum2 = _mm512_dpbusd_epi32(sum2, lower, _mm512_loadu_si512(low2 + d));
                    sum2 = _mm512_dpbusd_epi32(sum2, upper, _mm512_loadu_si512(high2 + d));
                }
                if (rest) {
                    const __m512i both = _mm512_maskz_loadu_epi8(rest, code + even);
                    const __m512i lower = _mm512_and_si512(both, mask);
                    const __m512i upper = _mm512_and_si512(_mm512_srli_epi16(both, 4), mask);
                    sum = _mm512_dpbusd_epi32(sum, lower, _mm512_maskz_loadu_epi8(rest, low + even));
                    sum = _mm512_dpbusd_epi32(sum, upper, _mm512_maskz_loadu_epi8(rest, high + even));
                    sum2 = _mm512_dpbusd_epi32(sum2, lower, _mm512_maskz_loadu_epi8(rest, low2 + even));
                    sum2 = _mm512_dpbusd_epi32(sum2, upper, _mm512_maskz_loadu_epi8(rest, high2 + even));
                }
                const float value = (float)_mm512_reduce_add_epi32(sum);
                in->out[q * in->stride + row] = in->factor[q] * value + in->offset[q];
                if (r == q) continue;
                const float value2 = (float)_mm512_reduce_add_epi32(sum2);
                in->out[r * in->stride + row] = in->factor[r] * value2 + in->offset[r];
            }
        }
    }
}

/* A sum of two products is at most 2 * 15 * 127: eight of them fit in 16 bits. */
AVX2 static void nibbles_avx2(const Nibbles *in, int64_t begin,
                                                        int64_t end) {
    const int64_t half = in->dim / 2, even = half / 32 * 32;
    const __m256i mask = _mm256_set1_epi8(15), one = _mm256_set1_epi16(1);
    for (int64_t tile = begin; tile < end; tile += TILE) {
        const int64_t last = tile + TILE < end ? tile + TILE : end;
        for (int64_t q = 0; q < in->count; q++) {
            const int8_t *low = in->queries + q * in->dim, *high = low + half;
            for (int64_t row = tile; row < last; row++) {
                const uint8_t *code = in->codes + row * half;
                __m256i sums = _mm256_setzero_si256();
                for (int64_t d = 0; d < even; d += 32) {
                    const __m256i both = _mm256_loadu_si256((const __m256i *)(code + d));
                    const __m256i upper = _mm256_and_si256(_mm256_srli_epi16(both, 4), mask);
                    const __m256i pairs = _mm256_add_epi16(
                        _mm256_maddubs_epi16(_mm256_and_si256(both, mask),
                                             _mm256_loadu_si256((const __m256i *)(low + d))),
                        _mm256_maddubs_epi16(upper,
                                             _mm256_loadu_si256((const __m256i *)(high + d))));
                    sums = _mm256_add_epi32(sums, _mm256_madd_epi16(pairs, one));
                }
                int32_t parts[8], sum = 0;
                _mm256_storeu_si256((__m256i *)parts, sums);
                for (int i = 0; i < 8; i++) sum += parts[i];
                for (int64_t d = even; d < half; d++)
                    sum += (code[d] & 15) * low[d] + (code[d] >> 4) * high[d];
                in->out[q * in->stride + row] = in->factor[q] * (float)sum + in->offset[q];
            }
        }
    }
}
#endif

static void work_nibbles(const void *in, int64_t begin, int64_t end) {
#ifdef HAS_WIDE
    if (shotseek_has_vnni()) {
        nibbles_vnni(in, begin, end);
        return;
    }
    if (shotseek_has_avx2()) {
        nibbles_avx2(in, begin, end);
        return;
    }
#endif
    nibbles_plain(in, begin, end);
}

void shotseek_inner_products_of_nibbles(const uint8_t *codes, const int8_t *queries,
                                       const float *factor, const float *offset, float *out,
                                       const int64_t *sizes) {
    /* sizes: rows, dim, count, stride, threads */
    const Nibbles in = {codes, queries, factor, offset, out, sizes[1], sizes[2], sizes[3]};
    shotseek_divide(work_nibbles, &in, sizes[0], sizes[4]);
}
