#ifndef PLUMB_PATH_OPENING_H
#define PLUMB_PATH_OPENING_H

// Opens a path of several parts below a folder in one call that follows no symbolic link on the way and never leads out
// of the folder. `syscall` is variadic and the flag of macOS a macro with a cast: Swift reaches neither.

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#if defined(__linux__)
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>

// As in <linux/openat2.h>, which older headers lack.
struct plumb_open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};

#define PLUMB_RESOLVE_NO_SYMLINKS 0x04
#define PLUMB_RESOLVE_BENEATH 0x08
#endif

/// Returns a descriptor, or -1 with `errno`: ENOSYS where the system has no such call.
static inline int plumb_open_beneath(int folder, const char *path, int flags) {
#if defined(__linux__) && defined(SYS_openat2)
    struct plumb_open_how how;
    memset(&how, 0, sizeof how);
    how.flags = (uint64_t)flags;
    how.resolve = PLUMB_RESOLVE_NO_SYMLINKS | PLUMB_RESOLVE_BENEATH;
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
#else
    (void)folder;
    (void)path;
    (void)flags;
    errno = ENOSYS;
    return -1;
#endif
}

#endif
