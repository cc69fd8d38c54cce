#ifndef PLUMB_DEFERRED_H
#define PLUMB_DEFERRED_H

// Linking this target is all there is to it: deferred.c defines the functions of libgit2, libcurl and zlib that are in use.

#endif
