/* The inner loops of search: plain C, no Python, no library but the threads of the system.
 *
 * Every function works on arrays in C order that the caller owns, and may be called from several
 * threads at once. `kernel.py` tells what each one does; its numpy forms are the specification.
 */
#include <math.h>
#include <pthread.h>
#include <stdint.h>

#define MOST_THREADS 64
#define TILE 64 /* rows that stay in the first cache while every query passes over them */

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
#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_WIDE 1
DEFINE_DOTS(dots_avx2, __attribute__((target("avx2"))))
DEFINE_DOTS(dots_vnni, __attribute__((target("avx512f,avx512bw,avx512vl,avx512vnni,prefer-vector-width=512"))))
#endif

static void (*find_dots(void))(const Dots *, int64_t, int64_t) {
#ifdef HAS_WIDE
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512vnni") && __builtin_cpu_supports("avx512bw"))
        return dots_vnni;
    if (__builtin_cpu_supports("avx2")) return dots_avx2;
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

/* Divide [0, size) among threads; the caller's is one of them. */
static void divide(void (*work)(const void *, int64_t, int64_t), const void *in, int64_t size,
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
    divide(work_dots, &in, sizes[0], sizes[4]);
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
    divide(work_best, &in, spans, threads);
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
