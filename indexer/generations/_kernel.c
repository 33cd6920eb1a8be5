/* The inner loops of search: plain C, no Python, no library but the threads of the system.
 *
 * Every function works on arrays in C order that the caller owns, and may be called from several
 * threads at once. `kernel.py` tells what each one does; its numpy forms are the specification.
 */
#include <math.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "_kernel.h"

#ifdef HAS_WIDE
#include <immintrin.h>
#endif

#define MOST_THREADS 64
#define AHEAD 4 /* scattered rows that are asked for before they are needed */
#define ROWS_AHEAD 16 /* neighbouring ones */
#define BYTES_AHEAD 2048 /* of values that are passed over at no even pace */

typedef struct {
    const uint8_t *codes;   /* (rows, dim) */
    const int16_t *queries; /* (count, dim) */
    const int8_t *upper, *lower; /* (count, dim) a query is 256 upper + lower; or none */
    const float *factor;    /* (count,) */
    const float *offset;    /* (count,) */
    float *out;             /* (count, stride) */
    int64_t dim, count, stride;
} Dots;

/* The compiler turns the innermost loop into the widest multiply-add of 16-bit numbers there is. */
#define DEFINE_DOTS(NAME, TARGET)                                                                  \
    TARGET static void NAME(const Dots *in, int64_t begin, int64_t end) {                          \
        const int64_t dim = in->dim;                                                               \
        for (int64_t tile = begin; tile < end; tile += TILE) {                                     \
            const int64_t last = tile + TILE < end ? tile + TILE : end;                            \
            int64_t q = 0;                                                                         \
            for (; q + 1 < in->count; q += 2) {                                                    \
                const int16_t *restrict one = in->queries + q * dim, *restrict two = one + dim;    \
                float *restrict out = in->out + q * in->stride;                                    \
                for (int64_t row = tile; row < last; row++) {                                      \
                    const uint8_t *restrict code = in->codes + row * dim;                          \
                    int32_t sum = 0, other = 0;                                                    \
                    for (int64_t d = 0; d < dim; d++) {                                            \
                        sum += (int16_t)code[d] * one[d];                                          \
                        other += (int16_t)code[d] * two[d];                                        \
                    }                                                                              \
                    out[row] = in->factor[q] * (float)sum + in->offset[q];                         \
                    out[in->stride + row] = in->factor[q + 1] * (float)other + in->offset[q + 1];  \
                }                                                                                  \
            }                                                                                      \
            for (; q < in->count; q++) {                                                           \
                const int16_t *restrict query = in->queries + q * dim;                             \
                float *restrict out = in->out + q * in->stride;                                    \
                for (int64_t row = tile; row < last; row++) {                                      \
                    const uint8_t *restrict code = in->codes + row * dim;                          \
                    int32_t sum = 0;                                                               \
                    for (int64_t d = 0; d < dim; d++) sum += (int16_t)code[d] * query[d];          \
                    out[row] = in->factor[q] * (float)sum + in->offset[q];                         \
                }                                                                                  \
            }                                                                                      \
        }                                                                                          \
    }

DEFINE_DOTS(dots_plain, )
#ifdef HAS_WIDE
DEFINE_DOTS(dots_avx2, AVX2)
DEFINE_DOTS(dots_vnni, VNNI)
#endif

#ifdef HAS_WIDE

/* The sums of sixteen registers, each of its sixteen numbers, in order. */
VNNI static inline __m512i add_up(__m512i a[16]) {
#pragma GCC unroll 16
    for (int i = 0; i < 8; i++)
        a[i] = _mm512_add_epi32(_mm512_unpacklo_epi32(a[2 * i], a[2 * i + 1]),
                                _mm512_unpackhi_epi32(a[2 * i], a[2 * i + 1]));
#pragma GCC unroll 16
    for (int i = 0; i < 4; i++)
        a[i] = _mm512_add_epi32(_mm512_unpacklo_epi64(a[2 * i], a[2 * i + 1]),
                                _mm512_unpackhi_epi64(a[2 * i], a[2 * i + 1]));
#pragma GCC unroll 16
    for (int i = 0; i < 2; i++)
        a[i] = _mm512_add_epi32(_mm512_shuffle_i32x4(a[2 * i], a[2 * i + 1], 0x88),
                                _mm512_shuffle_i32x4(a[2 * i], a[2 * i + 1], 0xdd));
    return _mm512_add_epi32(_mm512_shuffle_i32x4(a[0], a[1], 0x88),
                            _mm512_shuffle_i32x4(a[0], a[1], 0xdd));
}

/* Sums of four products of bytes, in place: left to itself, GCC copies every sum back and forth. */
#define ADD_PRODUCTS(SUM, CODES, QUERY)                                                            \
    __asm__("vpdpbusd %2, %1, %0" : "+v"(SUM) : "v"(CODES), "v"(QUERY))

/* Some queries beside some rows, together sixteen sums that are added up at once: every number that
 * is loaded is used several times. Of a query the upper bytes come first; what they sum to is worth
 * 256 times as much as what the lower ones add. Sums may overflow on the way, but not in the end. */
VNNI static inline __attribute__((always_inline)) void dots_of_sixteen(const Dots *in, int64_t q,
                                                                       int64_t row, int queries) {
    const int rows = 16 / queries;
    const int64_t dim = in->dim, even = dim / 64 * 64;
    const __mmask64 rest = ((uint64_t)1 << (dim - even)) - 1;
    const uint8_t *code = in->codes + row * dim;
    if (q == 0)
        for (int64_t d = 0; d < rows * dim; d += 64)
            _mm_prefetch((const char *)code + ROWS_AHEAD * dim + d, _MM_HINT_T0);
    __m512i sum[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) sum[i] = _mm512_setzero_si512();
#pragma GCC unroll 2
    for (int half = 0; half < 2; half++) {
        const int8_t *query = (half ? in->lower : in->upper) + q * dim;
        for (int64_t d = 0; d < even; d += 64) {
            __m512i asked[4];
#pragma GCC unroll 4
            for (int j = 0; j < queries; j++) asked[j] = _mm512_loadu_si512(query + j * dim + d);
#pragma GCC unroll 16
            for (int r = 0; r < rows; r++) {
                const __m512i held = _mm512_loadu_si512(code + r * dim + d);
#pragma GCC unroll 4
                for (int j = 0; j < queries; j++)
                    ADD_PRODUCTS(sum[rows * j + r], held, asked[j]);
            }
        }
        if (rest) {
#pragma GCC unroll 16
            for (int r = 0; r < rows; r++) {
                const __m512i held = _mm512_maskz_loadu_epi8(rest, code + r * dim + even);
#pragma GCC unroll 4
                for (int j = 0; j < queries; j++)
                    sum[rows * j + r] = _mm512_dpbusd_epi32(
                        sum[rows * j + r], held,
                        _mm512_maskz_loadu_epi8(rest, query + j * dim + even));
            }
        }
        if (half == 0) {
#pragma GCC unroll 16
            for (int i = 0; i < 16; i++) sum[i] = _mm512_slli_epi32(sum[i], 8);
        }
    }
    float found[16];
    _mm512_storeu_ps(found, _mm512_cvtepi32_ps(add_up(sum)));
#pragma GCC unroll 4
    for (int j = 0; j < queries; j++) {
        const float factor = in->factor[q + j], offset = in->offset[q + j];
        float *out = in->out + (q + j) * in->stride + row;
#pragma GCC unroll 16
        for (int r = 0; r < rows; r++) out[r] = factor * found[rows * j + r] + offset;
    }
}

VNNI static void dots_tiled(const Dots *in, int64_t begin, int64_t end) {
    const int64_t last = begin + (end - begin) / 16 * 16;
    for (int64_t tile = begin; tile < last; tile += 16) {
        int64_t q = 0;
        for (; q + 4 <= in->count; q += 4)
            for (int64_t row = tile; row < tile + 16; row += 4) dots_of_sixteen(in, q, row, 4);
        for (; q + 2 <= in->count; q += 2)
            for (int64_t row = tile; row < tile + 16; row += 8) dots_of_sixteen(in, q, row, 2);
        if (q < in->count) dots_of_sixteen(in, q, tile, 1);
    }
    dots_vnni(in, last, end);
}
#endif

int shotseek_has_vnni(void) {
#ifdef HAS_WIDE
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
#else
    return 0;
#endif
}

int shotseek_has_avx2(void) {
#ifdef HAS_WIDE
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2");
#else
    return 0;
#endif
}

static void (*find_dots(const Dots *in))(const Dots *, int64_t, int64_t) {
#ifdef HAS_WIDE
    if (shotseek_has_vnni()) return in->upper ? dots_tiled : dots_vnni;
    if (shotseek_has_avx2()) return dots_avx2;
#endif
    return dots_plain;
}

typedef struct {
    void (*work)(const void *, int64_t, int64_t);
    const void *in;
    int64_t begin, end;
} Share;

static void *do_share(void *share) {
    const Share *mine = share;
    mine->work(mine->in, mine->begin, mine->end);
    return 0;
}

void shotseek_divide(void (*work)(const void *, int64_t, int64_t), const void *in, int64_t size,
                     int64_t threads) {
    pthread_t helper[MOST_THREADS];
    Share share[MOST_THREADS];
    int started[MOST_THREADS];
    if (threads > MOST_THREADS) threads = MOST_THREADS;
    if (threads > size) threads = size;
    if (threads < 1) threads = 1;
    for (int64_t t = 0; t < threads; t++)
        share[t] = (Share){work, in, size * t / threads, size * (t + 1) / threads};
    for (int64_t t = 1; t < threads; t++)
        started[t] = pthread_create(&helper[t], 0, do_share, &share[t]) == 0;
    do_share(&share[0]);
    for (int64_t t = 1; t < threads; t++) {
        if (started[t])
            pthread_join(helper[t], 0);
        else
            do_share(&share[t]);
    }
}

static void work_dots(const void *in, int64_t begin, int64_t end) { find_dots(in)(in, begin, end); }

/* The upper bytes of some whole numbers, then the lower ones; 0 where they are of no use. */
static int8_t *split(const int16_t *numbers, int64_t count) {
    void *bytes = 0;
    if (!shotseek_has_vnni() || posix_memalign(&bytes, 64, 2 * count)) return 0;
    int8_t *upper = bytes, *lower = upper + count;
    for (int64_t i = 0; i < count; i++) {
        upper[i] = (int8_t)((numbers[i] + 128) >> 8);
        lower[i] = (int8_t)(numbers[i] - 256 * upper[i]);
    }
    return upper;
}

void shotseek_inner_products(const uint8_t *codes, const int16_t *queries, const float *factor,
                             const float *offset, float *out, const int64_t *sizes) {
    /* sizes: rows, dim, count, stride, threads */
    const int64_t numbers = sizes[1] * sizes[2];
    int8_t *upper = sizes[2] > 1 ? split(queries, numbers) : 0;
    const int8_t *lower = upper ? upper + numbers : 0;
    const Dots in = {codes,  queries, upper,    lower,    factor,
                     offset, out,     sizes[1], sizes[2], sizes[3]};
    shotseek_divide(work_dots, &in, sizes[0], sizes[4]);
    free(upper);
}

/* The same for rows that lie scattered: row i of the output is that of rows[i] of the codes. */
typedef struct {
    Dots dots;
    const int64_t *rows;
} Chosen;

static void work_chosen(const void *given, int64_t begin, int64_t end) {
    const Chosen *in = given;
    void (*const dots)(const Dots *, int64_t, int64_t) = find_dots(&in->dots);
    for (int64_t i = begin; i < end;) {
        int64_t last = i + 1; /* a run of neighbours is one stretch */
        while (last < end && in->rows[last] == in->rows[last - 1] + 1) last++;
        for (int64_t next = last; next < last + AHEAD && next < end; next++)
            for (int64_t d = 0; d < in->dots.dim; d += 64)
                __builtin_prefetch(in->dots.codes + in->rows[next] * in->dots.dim + d);
        Dots run = in->dots;
        run.codes += in->rows[i] * run.dim;
        run.out += i;
        dots(&run, 0, last - i);
        i = last;
    }
}

void shotseek_inner_products_at(const uint8_t *codes, const int64_t *rows, const int16_t *queries,
                                const float *factor, const float *offset, float *out,
                                const int64_t *sizes) {
    /* sizes: rows, dim, count, stride, threads */
    const Chosen in = {
        {codes, queries, 0, 0, factor, offset, out, sizes[1], sizes[2], sizes[3]}, rows};
    shotseek_divide(work_chosen, &in, sizes[0], sizes[4]);
}

typedef struct {
    const float *values;
    const int64_t *first; /* (spans + 1,) */
    float *out;
} Spans;

static float larger(float one, float other) { return one > other ? one : other; }

/* The largest of values[first .. last], both inclusive. The first four are looked at without a
 * branch, past the end once more the last: most stretches are short, and guessing how short is what
 * would take the time. */
static float best_between(const float *values, int64_t first, int64_t last) {
    const int64_t second = first + 1 < last ? first + 1 : last;
    const int64_t third = first + 2 < last ? first + 2 : last;
    const int64_t fourth = first + 3 < last ? first + 3 : last;
    float best = larger(larger(values[first], values[second]), larger(values[third], values[fourth]));
    for (int64_t i = first + 4; i <= last; i++) best = larger(values[i], best);
    return best;
}

#ifdef HAS_WIDE
/* Up to eight values are read at once, under a mask, and halved three times: of most stretches that
 * is all, and no branch hangs on how many they are. */
VNNI static void best_wide(const Spans *in, int64_t begin, int64_t end) {
    const __m256 none = _mm256_set1_ps(-INFINITY);
    for (int64_t span = begin; span < end; span++) {
        const float *values = in->values + in->first[span];
        const int64_t count = in->first[span + 1] - in->first[span];
        _mm_prefetch((const char *)values + BYTES_AHEAD, _MM_HINT_T0);
        _mm_prefetch((const char *)(in->first + span) + BYTES_AHEAD, _MM_HINT_T0);
        const __mmask8 some = count < 8 ? (__mmask8)((1u << count) - 1) : 0xff;
        __m256 all = _mm256_mask_loadu_ps(none, some, values);
        if (__builtin_expect(count > 8, 0)) {
            for (int64_t i = 8; i + 8 < count; i += 8)
                all = _mm256_max_ps(all, _mm256_loadu_ps(values + i));
            all = _mm256_max_ps(all, _mm256_loadu_ps(values + count - 8));
        }
        __m128 best = _mm_max_ps(_mm256_castps256_ps128(all), _mm256_extractf128_ps(all, 1));
        best = _mm_max_ps(best, _mm_movehl_ps(best, best));
        best = _mm_max_ss(best, _mm_movehdup_ps(best));
        in->out[span] = _mm_cvtss_f32(best);
    }
}
#endif

static void work_best(const void *given, int64_t begin, int64_t end) {
    const Spans *in = given;
#ifdef HAS_WIDE
    if (shotseek_has_vnni()) {
        best_wide(in, begin, end);
        return;
    }
#endif
    for (int64_t span = begin; span < end; span++)
        in->out[span] = best_between(in->values, in->first[span], in->first[span + 1] - 1);
}

void shotseek_best_of_spans(const float *values, const int64_t *first, float *out, int64_t spans,
                            int64_t threads) {
    const Spans in = {values, first, out};
    shotseek_divide(work_best, &in, spans, threads);
}

/* out[i] = max of values[i + 1 .. end[i] - 1], -inf where there is none; `end` never falls. Short
 * windows are looked through; in long ones the last maximum serves while it lies in the window. */
void shotseek_best_following(const float *values, const int64_t *end, float *out, int64_t size) {
    int64_t best = -1;
    for (int64_t i = 0; i < size; i++) {
        const int64_t last = end[i];
        if (last - i <= 5) {
            out[i] = last > i + 1 ? best_between(values, i + 1, last - 1) : -INFINITY;
            best = -1;
            continue;
        }
        int64_t from = end[i - (i > 0)];
        if (best <= i) {
            best = i + 1;
            from = i + 2;
        }
        for (int64_t j = from; j < last; j++)
            if (values[j] > values[best]) best = j;
        out[i] = values[best];
    }
}
