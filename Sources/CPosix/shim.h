/* What glibc offers only to GNU sources, or Swift's Glibc leaves out. */
#ifndef LINKWAY_CPOSIX_H
#define LINKWAY_CPOSIX_H
#include <fcntl.h>
#include <malloc.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

/* Renames in one step and fails with EEXIST when the new name is taken. */
static inline int linkway_rename_noreplace(const char *from, const char *to) {
    return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 1u /* RENAME_NOREPLACE */);
}

/* Flushes the whole file system that a descriptor is on. */
static inline int linkway_syncfs(int descriptor) { return (int)syscall(SYS_syncfs, descriptor); }

/* The kind of file system a path is on, as in <linux/magic.h>; 0 when it cannot be told. */
static inline unsigned long linkway_file_system_kind(const char *path) {
    struct statfs status;
    return statfs(path, &status) == 0 ? (unsigned long)status.f_type & 0xffffffffUL : 0;
}
#endif
