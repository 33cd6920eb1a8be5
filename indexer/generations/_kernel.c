/* The inner loops of search: plain C, no Python, no library but the threads of the system.
 *
 * Every function works on arrays in C order that the caller owns, and may be called from several
 * threads at once. `kernel.py` tells what each one does; its numpy forms are the specification.
 */
#include <math.h>
#include <pthread.h>
#include <stdint.h>

#include "_kernel.h"

#ifdef HAS_WIDE
#include <immintrin.h>
#endif

#define MOST_THREADS 64
#define AHEAD 4 /* scattered rows that are asked for before they are needed */

typedef struct {
    const uint8_t *codes;   /* (rows, dim) */
    const int16_t *queries; /* (count, dim) */
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

/* Four rows beside four queries: every number that is loaded is used four times, and the sixteen
 * sums are added up together. */
VNNI static void dots_of_four(const Dots *in, int64_t q, int64_t row) {
    const int64_t dim = in->dim;
    const uint8_t *code = in->codes + row * dim;
    const int16_t *query = in->queries + q * dim;
    __m512i sum[16];
#pragma GCC unroll 16
    for (int i = 0; i < 16; i++) sum[i] = _mm512_setzero_si512();
    for (int64_t d = 0; d < dim; d += 32) {
        const __mmask32 here = dim - d < 32 ? (1u << (dim - d)) - 1 : ~0u;
        __m512i rows[4];
#pragma GCC unroll 16
        for (int r = 0; r < 4; r++)
            rows[r] = _mm512_cvtepu8_epi16(_mm256_maskz_loadu_epi8(here, code + r * dim + d));
#pragma GCC unroll 16
        for (int j = 0; j < 4; j++) {
            const __m512i asked = _mm512_maskz_loadu_epi16(here, query + j * dim + d);
#pragma GCC unroll 16
            for (int r = 0; r < 4; r++)
                sum[4 * j + r] = _mm512_dpwssd_epi32(sum[4 * j + r], rows[r], asked);
        }
    }
    float found[16];
    _mm512_storeu_ps(found, _mm512_cvtepi32_ps(add_up(sum)));
#pragma GCC unroll 16
    for (int j = 0; j < 4; j++)
#pragma GCC unroll 16
        for (int r = 0; r < 4; r++)
            in->out[(q + j) * in->stride + row + r] =
                in->factor[q + j] * found[4 * j + r] + in->offset[q + j];
}

VNNI static void dots_tiled(const Dots *in, int64_t begin, int64_t end) {
    const int64_t whole = in->count / 4 * 4;
    Dots rest = *in;
    rest.queries += whole * in->dim, rest.factor += whole, rest.offset += whole;
    rest.out += whole * in->stride, rest.count -= whole;
    for (int64_t tile = begin; tile < end; tile += TILE) {
        const int64_t last = tile + TILE < end ? tile + TILE : end;
        const int64_t fours = tile + (last - tile) / 4 * 4;
        for (int64_t q = 0; q < whole; q += 4)
            for (int64_t row = tile; row < fours; row += 4) {
                if (q == 0) {
                    const uint8_t *ahead = in->codes + (row + 8) * in->dim;
                    for (int64_t d = 0; d < 4 * in->dim; d += 64)
                        _mm_prefetch((const char *)ahead + d, _MM_HINT_T0);
                }
                dots_of_four(in, q, row);
            }
        if (rest.count) dots_vnni(&rest, tile, fours);
        if (fours < last) dots_vnni(in, fours, last);
    }
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

static void (*find_dots(void))(const Dots *, int64_t, int64_t) {
#ifdef HAS_WIDE
    if (shotseek_has_vnni()) return dots_tiled;
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

static void work_dots(const void *in, int64_t begin, int64_t end) { find_dots()(in, begin, end); }

void shotseek_inner_products(const uint8_t *codes, const int16_t *queries, const float *factor,
                             const float *offset, float *out, const int64_t *sizes) {
    /* sizes: rows, dim, count, stride, threads */
    const Dots in = {codes, queries, factor, offset, out, sizes[1], sizes[2], sizes[3]};
    shotseek_divide(work_dots, &in, sizes[0], sizes[4]);
}

/* The same for rows that lie scattered: row i of the output is that of rows[i] of the codes. */
typedef struct {
    Dots dots;
    const int64_t *rows;
} Chosen;

static void work_chosen(const void *given, int64_t begin, int64_t end) {
    const Chosen *in = given;
    void (*const dots)(const Dots *, int64_t, int64_t) = find_dots();
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
    const Chosen in = {{codes, queries, factor, offset, out, sizes[1], sizes[2], sizes[3]}, rows};
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

static void work_best(const void *given, int64_t begin, int64_t end) {
    const Spans *in = given;
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
