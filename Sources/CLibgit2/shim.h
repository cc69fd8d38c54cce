#ifndef PLUMB_CLIBGIT2_SHIM_H
#define PLUMB_CLIBGIT2_SHIM_H

#include <git2.h>

// git_libgit2_opts is variadic, which Swift cannot call: one typed function for each form in use.

static inline int plumb_git_opt_int(int option, int value) {
    return git_libgit2_opts(option, value);
}

static inline int plumb_git_opt_two_strings(int option, const char *first, const char *second) {
    return git_libgit2_opts(option, first, second);
}

static inline int plumb_git_opt_strings(int option, const char **strings, size_t count) {
    return git_libgit2_opts(option, strings, count);
}

#endif
