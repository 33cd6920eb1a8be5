/* Rows of files, and numbers of 16 bits made wide; see `_kernel.c`. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* preadv2 */
#endif
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/uio.h>
#include <unistd.h>

#include "_kernel.h"

#define ENDS_EARLY (-1)

typedef struct {
    const int64_t *rows; /* ascending */
    uint8_t *out;        /* (count, row_bytes) */
    int64_t file, start, row_bytes;
} Reading;

/* Where the run of neighbours that begins at row i of those asked for is over. */
static int64_t find_end(const Reading *in, int64_t i, int64_t end) {
    int64_t last = i + 1;
    while (last < end && in->rows[last] == in->rows[last - 1] + 1) last++;
    return last;
}

/* Whether a run is in memory, and was read from there; if not, the disk begins to read it. */
static int read_at_once(const Reading *in, int64_t i, int64_t last) {
#if defined(RWF_NOWAIT) && defined(POSIX_FADV_WILLNEED)
    const int64_t size = (last - i) * in->row_bytes, offset = in->start + in->rows[i] * in->row_bytes;
    const struct iovec place = {in->out + i * in->row_bytes, (size_t)size};
    if (preadv2((int)in->file, &place, 1, offset, RWF_NOWAIT) == size) return 1;
    posix_fadvise((int)in->file, offset, size, POSIX_FADV_WILLNEED);
#endif
    return 0;
}

/* Gives 0, an error number, or ENDS_EARLY. */
static int read_run(const Reading *in, int64_t i, int64_t last) {
    uint8_t *place = in->out + i * in->row_bytes;
    int64_t offset = in->start + in->rows[i] * in->row_bytes, left = (last - i) * in->row_bytes;
    while (left) {
        const ssize_t count = pread((int)in->file, place, (size_t)left, offset);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return count ? errno : ENDS_EARLY;
        place += count;
        offset += count;
        left -= count;
    }
    return 0;
}

/* Fill `out` with these rows of a file. Gives 0, an error number, or ENDS_EARLY.
 *
 * What is in memory is read first; meanwhile the disk looks for everything else, not for one row
 * after the other. Threads would gain nothing: they wait for the disk, or for each other. */
int shotseek_read_rows(const int64_t *rows, uint8_t *out, const int64_t *sizes) {
    /* sizes: file, start, row_bytes, count */
    const Reading in = {rows, out, sizes[0], sizes[1], sizes[2]};
    const int64_t end = sizes[3];
    int64_t *waiting = malloc((size_t)end * sizeof *waiting), count = 0;
    if (!waiting) return ENOMEM;
    for (int64_t i = 0, last; i < end; i = last) {
        last = find_end(&in, i, end);
        if (!read_at_once(&in, i, last)) waiting[count++] = i;
    }
    int failed = 0;
    for (int64_t w = 0; !failed && w < count; w++)
        failed = read_run(&in, waiting[w], find_end(&in, waiting[w], end));
    free(waiting);
    return failed;
}

/* Finite numbers: the bits of one half in place among those of a float, less its exponent's bias. */
#define DEFINE_WIDEN(NAME, TARGET)                                                                 \
    TARGET static void NAME(const uint16_t *restrict halves, float *restrict out, int64_t size) {  \
        for (int64_t i = 0; i < size; i++) {                                                       \
            union {                                                                                \
                uint32_t bits;                                                                     \
                float number;                                                                      \
            } wide = {(halves[i] & 0x8000u) << 16 | (halves[i] & 0x7fffu) << 13};                  \
            out[i] = wide.number * 0x1p112f;                                                       \
        }                                                                                          \
    }

DEFINE_WIDEN(widen_plain, )
#ifdef HAS_WIDE
DEFINE_WIDEN(widen_avx2, AVX2)
DEFINE_WIDEN(widen_vnni, VNNI)
#endif

void shotseek_widen(const uint16_t *halves, float *out, int64_t size) {
#ifdef HAS_WIDE
    if (shotseek_has_vnni()) {
        widen_vnni(halves, out, size);
        return;
    }
    if (shotseek_has_avx2()) {
        widen_avx2(halves, out, size);
        return;
    }
#endif
    widen_plain(halves, out, size);
}
