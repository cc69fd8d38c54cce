#ifndef PLUMB_DEFERRED_H
#define PLUMB_DEFERRED_H

// Linking this target is nearly all there is to it: deferred.c defines the functions of libgit2, libcurl and zlib that are
// in use.

// Loads libgit2 now, for a thread that has nothing else to do while another finds out what to do with it. Does nothing where the
// libraries are linked.
void plumb_load_git(void);

#endif
