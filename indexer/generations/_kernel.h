/* What the inner loops share: how work is divided, which instructions there may be. */
#ifndef SHOTSEEK_KERNEL_H
#define SHOTSEEK_KERNEL_H

#include <stdint.h>

#define TILE 64 /* rows that stay in the first cache while every query passes over them */

#if defined(__x86_64__) && defined(__GNUC__)
#define HAS_WIDE 1
#define AVX2 __attribute__((target("avx2")))
#define VNNI                                                                                       \
    __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vnni,prefer-vector-width=512")))
#endif

/* Whether the processor has what VNNI, or AVX2, needs. */
int shotseek_has_vnni(void);
int shotseek_has_avx2(void);

/* Divide [0, size) among threads; the caller's is one of them. */
void shotseek_divide(void (*work)(const void *, int64_t, int64_t), const void *in, int64_t size,
                     int64_t threads);

#endif
