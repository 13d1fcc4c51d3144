// What glibc has for posix_spawn(3) and hides without _GNU_SOURCE. Header only.
#ifndef CLIBSPAWN_H
#define CLIBSPAWN_H

#include <spawn.h>

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);

// The child gets no descriptor from `from` on.
static inline int pk_spawn_closefrom(posix_spawn_file_actions_t *actions, int from) {
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

// The child begins in `path`.
static inline int pk_spawn_chdir(posix_spawn_file_actions_t *actions, const char *path) {
  return posix_spawn_file_actions_addchdir_np(actions, path);
}

#endif
