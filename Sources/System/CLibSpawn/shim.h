// What glibc has for posix_spawn(3) and hides without _GNU_SOURCE. Header only.
#ifndef CLIBSPAWN_H
#define CLIBSPAWN_H

#include <spawn.h>

int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// The child gets no descriptor from `from` on.
static inline int pk_spawn_closefrom(posix_spawn_file_actions_t *actions, int from) {
  return posix_spawn_file_actions_addclosefrom_np(actions, from);
}

#endif
