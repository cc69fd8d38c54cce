#ifndef PLUMB_MEMORY_H
#define PLUMB_MEMORY_H

#if defined(__GLIBC__) || defined(__linux__)
#include <malloc.h>
#endif

/// Lets the heap of each thread grow by megabytes at a time. By itself glibc asks the system for each few pages more, hundreds of
/// times in a run, and all threads of the process wait for each other at each. Memory that is not touched is not taken.
static inline void plumb_take_memory_in_large_pieces(void) {
#ifdef M_TOP_PAD
    mallopt(M_TOP_PAD, 4 << 20);
    // What glibc arrives at by itself when blocks of that size come and go, which it stops to do once one of these is set.
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, 64 << 20);
#endif
}

#endif
