// SPDX-License-Identifier: Apache-2.0
//
// lossyfs: a file system that knows what would survive a power loss, and has one on command.
//
//   lossyfs MOUNTPOINT BACKING-DIRECTORY
//
// Commands are lines on standard input, each answered by one line ("ok ..." or "error ...") on standard output; the end of
// standard input unmounts. Nothing outlives the process.
//
//   power-off SEED SURVIVORS   none | some | all of what is not durable survives; from now on everything fails with EIO
//   power-on                   serves what survived
//   lie PATH | honest          answers fsync below PATH without making anything durable, until "honest"
//   namespace MODE             strict: a name is durable once its directory was synced (POSIX)
//                              ordered: names become durable in the order of the changes, also by syncing the file itself
//                              (what the journals of ext4 and XFS do); the default
//   direct on|off              whether O_DIRECT is allowed or refused with EINVAL
//   slow-sync MS               each sync takes so long
//   fail-syncs N               the next N syncs fail with EIO; as with Linux, what was pending then counts as written, though
//                              it is not, and a later sync does not make up for it
//   quota BYTES                ENOSPC above it; 0 for none
//   stats                      counters
//
// What is durable. The current content of a file is in a backing file. For each 512-byte sector whose durable content differs,
// the durable content is kept here ("old"), so that a power loss can go back to it. fsync and fdatasync drop the old content of
// a file; a write with O_DSYNC or O_SYNC drops it for the sectors written (after which the kernel asks for an fsync of the whole
// file, in most versions). sync_file_range and closing make nothing durable.
// Directories are kept twice, as they are and as they would be after a power loss, with the list of changes between them.
//
// A power loss with SURVIVORS = some keeps of each file a random share of the pending sectors, in any combination, so that
// writes are torn and reordered, and any length between the durable and the current one; and of the changes of names a random
// prefix (ordered) or a random subset (strict).
//
// The kernel must hold back no write, so there is no write-back cache; data may be cached for reading (LMDB maps its file), and
// opening a file drops that cache.

#define FUSE_USE_VERSION 312
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fuse_lowlevel.h>
#include <linux/falloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SECTOR = 512, BLOCK = 4096, SECTORS_OF_BLOCK = BLOCK / SECTOR, MAX_NAME = 255 };

// ---------------------------------------------------------------------------------------------------------------- state

// One 4 KiB block of a file: which of its sectors are not durable, and what is durable instead.
struct block {
  uint8_t pending; // these sectors have old content here
  uint8_t doomed;  // of them, those whose sync failed: no later sync makes them durable
  uint8_t old[BLOCK];
};

struct inode;

struct entry {
  char *name;
  struct inode *inode;
};

struct entries {
  struct entry *items;
  size_t count, capacity;
};

struct inode {
  uint64_t number;
  mode_t mode;
  uint64_t links, references, lookups, opens;
  struct timespec modified, changed;
  struct inode *parent; // the directory that it was last put into
  struct inode *next, *previous;
  bool lies;
  // of a file
  int fd;
  uint64_t size, durable_size;
  struct block **blocks;
  size_t block_count, pending_from, pending_to; // blocks with something pending are within [from, to)
  uint8_t *allocated;
  size_t allocated_count, allocated_blocks;
  // of a directory
  struct entries now, durable;
};

// A change of names: target disappears from (from, from_name) and appears at (to, to_name); either side may be missing.
struct change {
  struct inode *target, *from, *to;
  char *from_name, *to_name;
  struct change *next;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct inode root;
static struct change *changes, **changes_end = &changes;
static uint64_t next_number = 2, used_blocks, quota_bytes, slow_sync_ms, failing_syncs, random_state;
static bool off, strict_names, refuse_direct;
static int backing;
static const char *mountpoint;
static struct fuse_session *session;
static struct {
  uint64_t writes, direct_writes, dsync_writes, syncs, directory_syncs, lies, failed_syncs, refused_direct, no_space,
      power_losses, lost_sectors, kept_sectors, torn_files, lost_names, kept_names;
} stats;


static void *need(void *memory) {
  if (memory == NULL) {
    fputs("lossyfs: out of memory\n", stderr);
    abort();
  }
  return memory;
}

static uint64_t random_number(void) { // splitmix64
  uint64_t z = random_state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static bool chance(unsigned percent) { return random_number() % 100 < percent; }

static struct timespec now(void) {
  struct timespec time;
  clock_gettime(CLOCK_REALTIME, &time);
  return time;
}

// -------------------------------------------------------------------------------------------------------------- inodes

static struct inode *inode_of(fuse_ino_t id) { return id == FUSE_ROOT_ID ? &root : (struct inode *)(uintptr_t)id; }

static fuse_ino_t id_of(struct inode *inode) { return inode == &root ? FUSE_ROOT_ID : (fuse_ino_t)(uintptr_t)inode; }

static struct inode *new_inode(mode_t mode, struct inode *parent) {
  struct inode *inode = need(calloc(1, sizeof *inode));
  inode->number = next_number++;
  inode->mode = mode;
  inode->modified = inode->changed = now();
  inode->parent = parent;
  inode->fd = -1;
  inode->next = root.next;
  inode->previous = &root;
  if (root.next != NULL) {
    root.next->previous = inode;
  }
  root.next = inode;
  return inode;
}

static bool has_space(uint64_t blocks) {
  if (quota_bytes != 0 && (used_blocks + blocks) * BLOCK > quota_bytes) {
    stats.no_space++;
    return false;
  }
  return true;
}

static void drop_pending(struct inode *file) {
  for (size_t i = file->pending_from; i < file->pending_to && i < file->block_count; i++) {
    free(file->blocks[i]);
    file->blocks[i] = NULL;
  }
  file->pending_from = file->pending_to = 0;
}

static void uncount(struct inode *file) {
  used_blocks -= file->allocated_blocks;
  file->allocated_blocks = 0;
  if (file->allocated != NULL) {
    memset(file->allocated, 0, file->allocated_count);
  }
}

// Directories are never freed: there are few.
static void free_if_unused(struct inode *inode) {
  if (S_ISDIR(inode->mode)) {
    return;
  }
  if (inode->links == 0 && inode->opens == 0) {
    uncount(inode);
  }
  if (inode->references > 0 || inode->lookups > 0 || inode->opens > 0) {
    return;
  }
  drop_pending(inode);
  free(inode->blocks);
  free(inode->allocated);
  close(inode->fd);
  inode->previous->next = inode->next;
  if (inode->next != NULL) {
    inode->next->previous = inode->previous;
  }
  free(inode);
}

static void release_reference(struct inode *inode) {
  inode->references--;
  free_if_unused(inode);
}

// --------------------------------------------------------------------------------------------------------------- names

static struct inode *find(struct entries *in, const char *name) {
  for (size_t i = 0; i < in->count; i++) {
    if (strcmp(in->items[i].name, name) == 0) {
      return in->items[i].inode;
    }
  }
  return NULL;
}

static void take_out(struct entries *in, const char *name) {
  for (size_t i = 0; i < in->count; i++) {
    if (strcmp(in->items[i].name, name) == 0) {
      struct inode *inode = in->items[i].inode;
      free(in->items[i].name);
      in->items[i] = in->items[--in->count];
      release_reference(inode);
      return;
    }
  }
}

static void put(struct entries *in, const char *name, struct inode *inode) {
  inode->references++;
  take_out(in, name);
  if (in->count == in->capacity) {
    in->capacity = in->capacity == 0 ? 8 : in->capacity * 2;
    in->items = need(realloc(in->items, in->capacity * sizeof *in->items));
  }
  in->items[in->count++] = (struct entry){need(strdup(name)), inode};
}

static void copy_entries(struct entries *to, const struct entries *from) {
  while (to->count > 0) {
    take_out(to, to->items[0].name);
  }
  for (size_t i = 0; i < from->count; i++) {
    put(to, from->items[i].name, from->items[i].inode);
  }
}

static void note_change(struct inode *target, struct inode *from, const char *from_name, struct inode *to,
                        const char *to_name) {
  struct change *change = need(calloc(1, sizeof *change));
  change->target = target;
  target->references++;
  change->from = from;
  change->from_name = from == NULL ? NULL : need(strdup(from_name));
  change->to = to;
  change->to_name = to == NULL ? NULL : need(strdup(to_name));
  *changes_end = change;
  changes_end = &change->next;
  struct timespec at = now();
  if (from != NULL) {
    from->modified = from->changed = at;
  }
  if (to != NULL) {
    to->modified = to->changed = at;
  }
}

static void make_durable(struct change *change) {
  if (change->from != NULL && find(&change->from->durable, change->from_name) == change->target) {
    take_out(&change->from->durable, change->from_name);
  }
  if (change->to != NULL) {
    put(&change->to->durable, change->to_name, change->target);
  }
}

// Takes the change at *at out of the list.
static void forget_change(struct change **at) {
  struct change *change = *at;
  *at = change->next;
  if (changes_end == &change->next) {
    changes_end = at;
  }
  release_reference(change->target);
  free(change->from_name);
  free(change->to_name);
  free(change);
}

static bool concerns(const struct change *change, const struct inode *inode) {
  return change->target == inode || change->from == inode || change->to == inode;
}

static void sync_names_ordered(struct inode *inode) {
  size_t count = 0, upto = 0;
  for (struct change *change = changes; change != NULL; change = change->next) {
    count++;
    if (concerns(change, inode)) {
      upto = count;
    }
  }
  for (; upto > 0; upto--) {
    make_durable(changes);
    forget_change(&changes);
  }
}

// A rename between two directories is durable as a whole, so the second directory's earlier changes are, too.
static void sync_names_strict(struct inode *directory) {
  struct inode *synced[64] = {directory};
  size_t count = 1;
  for (bool grew = true; grew && count < 64;) {
    grew = false;
    for (struct change *change = changes; change != NULL && count < 64; change = change->next) {
      bool from = false, to = false;
      for (size_t i = 0; i < count; i++) {
        from = from || change->from == synced[i];
        to = to || change->to == synced[i];
      }
      if (from != to && change->from != NULL && change->to != NULL) {
        synced[count++] = from ? change->to : change->from;
        grew = true;
      }
    }
  }
  for (struct change **at = &changes; *at != NULL;) {
    bool is = false;
    for (size_t i = 0; i < count; i++) {
      is = is || (*at)->from == synced[i] || (*at)->to == synced[i];
    }
    if (is) {
      make_durable(*at);
      forget_change(at);
    } else {
      at = &(*at)->next;
    }
  }
}

static bool below_lie(struct inode *inode) {
  for (; inode != NULL; inode = inode->parent) {
    if (inode->lies) {
      return true;
    }
  }
  return false;
}

// ---------------------------------------------------------------------------------------------------------------- data

static void grow_blocks(struct inode *file, size_t count) {
  if (count > file->block_count) {
    size_t grown = count > file->block_count * 2 ? count : file->block_count * 2;
    file->blocks = need(realloc(file->blocks, grown * sizeof *file->blocks));
    memset(file->blocks + file->block_count, 0, (grown - file->block_count) * sizeof *file->blocks);
    file->block_count = grown;
  }
}

// To be called before [from, to) is changed: keeps what is durable there.
static void keep_old(struct inode *file, uint64_t from, uint64_t to) {
  if (from >= to) {
    return;
  }
  size_t first = from / BLOCK, last = (to - 1) / BLOCK;
  grow_blocks(file, last + 1);
  if (file->pending_from == file->pending_to) {
    file->pending_from = first;
    file->pending_to = last + 1;
  } else {
    file->pending_from = first < file->pending_from ? first : file->pending_from;
    file->pending_to = last + 1 > file->pending_to ? last + 1 : file->pending_to;
  }
  for (uint64_t sector = from / SECTOR; sector <= (to - 1) / SECTOR; sector++) {
    struct block **at = &file->blocks[sector / SECTORS_OF_BLOCK];
    unsigned within = sector % SECTORS_OF_BLOCK;
    if (*at == NULL) {
      *at = need(calloc(1, sizeof **at));
    }
    if (((*at)->pending & (1u << within)) == 0) {
      // Beyond the end of the backing file this reads nothing, and zeros stay.
      if (pread(file->fd, (*at)->old + within * SECTOR, SECTOR, (off_t)(sector * SECTOR)) < 0) {
        abort();
      }
      (*at)->pending |= (uint8_t)(1u << within);
    }
    (*at)->doomed &= (uint8_t)~(1u << within);
  }
}

// What is pending in [from, to) becomes durable, but for what is doomed.
static void settle(struct inode *file, uint64_t from, uint64_t to) {
  for (size_t i = file->pending_from; i < file->pending_to; i++) {
    struct block *block = file->blocks[i];
    if (block == NULL || (i + 1) * BLOCK <= from || i * BLOCK >= to) {
      continue;
    }
    for (unsigned within = 0; within < SECTORS_OF_BLOCK; within++) {
      uint64_t at = i * BLOCK + within * SECTOR;
      if (at + SECTOR > from && at < to && (block->doomed & (1u << within)) == 0) {
        block->pending &= (uint8_t)~(1u << within);
      }
    }
    if (block->pending == 0) {
      free(block);
      file->blocks[i] = NULL;
    }
  }
}

static void doom_pending(struct inode *file) {
  for (size_t i = file->pending_from; i < file->pending_to; i++) {
    if (file->blocks[i] != NULL) {
      file->blocks[i]->doomed = file->blocks[i]->pending;
    }
  }
}

// fsync, fdatasync or fsyncdir. Returns 0 or an errno.
static int sync_inode(struct inode *inode) {
  if (off) {
    return EIO;
  }
  if (S_ISDIR(inode->mode)) {
    stats.directory_syncs++;
  } else {
    stats.syncs++;
  }
  if (failing_syncs > 0) {
    failing_syncs--;
    stats.failed_syncs++;
    doom_pending(inode);
    return EIO;
  }
  if (below_lie(inode)) {
    stats.lies++;
    return 0;
  }
  if (!S_ISDIR(inode->mode)) {
    settle(inode, 0, UINT64_MAX);
    inode->durable_size = inode->size;
    bool rest = false;
    for (size_t i = inode->pending_from; i < inode->pending_to; i++) {
      rest = rest || inode->blocks[i] != NULL;
    }
    if (!rest) {
      inode->pending_from = inode->pending_to = 0;
    }
  }
  if (!strict_names) {
    sync_names_ordered(inode);
  } else if (S_ISDIR(inode->mode)) {
    sync_names_strict(inode);
  }
  return 0;
}

static uint64_t blocks_missing(struct inode *file, uint64_t from, uint64_t to) {
  uint64_t missing = 0;
  for (uint64_t i = from / BLOCK; from < to && i <= (to - 1) / BLOCK; i++) {
    missing += i >= file->allocated_count || file->allocated[i] == 0;
  }
  return missing;
}

static void allocate(struct inode *file, uint64_t from, uint64_t to) {
  size_t count = from < to ? (to - 1) / BLOCK + 1 : 0;
  if (count > file->allocated_count) {
    size_t grown = count > file->allocated_count * 2 ? count : file->allocated_count * 2;
    file->allocated = need(realloc(file->allocated, grown));
    memset(file->allocated + file->allocated_count, 0, grown - file->allocated_count);
    file->allocated_count = grown;
  }
  for (size_t i = from / BLOCK; i < count; i++) {
    used_blocks += file->allocated[i] == 0;
    file->allocated_blocks += file->allocated[i] == 0;
    file->allocated[i] = 1;
  }
}

static void truncate_file(struct inode *file, uint64_t size) {
  if (size < file->size) {
    uint64_t durable_end = (file->durable_size + SECTOR - 1) / SECTOR * SECTOR;
    keep_old(file, size, file->size < durable_end ? file->size : durable_end);
    // What was appended and never durable is zero again, as its old content says.
    for (size_t i = (size + BLOCK - 1) / BLOCK; i < file->allocated_count; i++) {
      used_blocks -= file->allocated[i];
      file->allocated_blocks -= file->allocated[i];
      file->allocated[i] = 0;
    }
  }
  if (ftruncate(file->fd, (off_t)size) != 0) {
    abort();
  }
  file->size = size;
  file->modified = file->changed = now();
}

// ---------------------------------------------------------------------------------------------------------- power loss

static void lose_data(struct inode *file, unsigned percent) {
  uint64_t low = file->durable_size < file->size ? file->durable_size : file->size;
  uint64_t high = file->durable_size < file->size ? file->size : file->durable_size;
  uint64_t survived = file->durable_size;
  if (low != high && percent == 100) {
    survived = file->size;
  } else if (low != high && percent > 0) {
    switch (random_number() % 3) {
    case 0:
      survived = file->size;
      break;
    case 1:
      survived = low + random_number() % (high - low);
      break;
    default:
      break;
    }
  }
  if (ftruncate(file->fd, (off_t)high) != 0) {
    abort();
  }
  uint64_t kept = 0, lost = 0;
  for (size_t i = file->pending_from; i < file->pending_to; i++) {
    struct block *block = file->blocks[i];
    for (unsigned within = 0; block != NULL && within < SECTORS_OF_BLOCK; within++) {
      uint64_t at = i * BLOCK + within * SECTOR;
      if ((block->pending & (1u << within)) == 0) {
        continue;
      }
      bool doomed = (block->doomed & (1u << within)) != 0;
      if (!doomed && at < file->size && chance(percent)) {
        kept++;
        continue;
      }
      lost++;
      if (at < high && pwrite(file->fd, block->old + within * SECTOR, SECTOR, (off_t)at) != SECTOR) {
        abort();
      }
    }
  }
  if (ftruncate(file->fd, (off_t)survived) != 0) {
    abort();
  }
  stats.kept_sectors += kept;
  stats.lost_sectors += lost;
  stats.torn_files += kept > 0 && lost > 0;
  drop_pending(file);
  file->size = file->durable_size = survived;
  uncount(file);
  allocate(file, 0, survived);
}

static void lose_names(bool some, bool all) {
  bool going_on = true;
  while (changes != NULL) {
    bool survives = all || (some && (strict_names ? chance(50) : going_on && chance(80)));
    going_on = survives;
    if (survives) {
      make_durable(changes);
      stats.kept_names++;
    } else {
      stats.lost_names++;
    }
    forget_change(&changes);
  }
}

static void power_off(uint64_t seed, bool some, bool all) {
  static const unsigned SHARES[] = {0, 10, 50, 90, 100};
  random_state = seed;
  off = true;
  stats.power_losses++;
  lose_names(some, all);
  root.references++;
  for (struct inode *inode = &root; inode != NULL; inode = inode->next) {
    inode->links = S_ISDIR(inode->mode) ? 2 : 0;
    inode->references++; // so that none goes away in the middle
  }
  for (struct inode *inode = &root; inode != NULL; inode = inode->next) {
    if (S_ISDIR(inode->mode)) {
      copy_entries(&inode->now, &inode->durable);
    }
  }
  for (struct inode *inode = &root; inode != NULL; inode = inode->next) {
    for (size_t i = 0; S_ISDIR(inode->mode) && i < inode->now.count; i++) {
      inode->now.items[i].inode->links++;
      inode->now.items[i].inode->parent = inode;
    }
    if (S_ISREG(inode->mode)) {
      lose_data(inode, all ? 100 : some ? SHARES[random_number() % 5] : 0);
    }
  }
  for (struct inode *inode = root.next, *next; inode != NULL; inode = next) {
    next = inode->next;
    release_reference(inode);
  }
  root.references--;
}

// ---------------------------------------------------------------------------------------------------------- operations

static void fill_stat(struct inode *inode, struct stat *stat) {
  memset(stat, 0, sizeof *stat);
  stat->st_ino = inode->number;
  stat->st_mode = inode->mode;
  stat->st_nlink = S_ISDIR(inode->mode) ? 2 : inode->links;
  stat->st_size = S_ISDIR(inode->mode) ? BLOCK : (off_t)inode->size;
  stat->st_blocks = (blkcnt_t)(inode->allocated_blocks * SECTORS_OF_BLOCK);
  stat->st_blksize = BLOCK;
  stat->st_mtim = stat->st_atim = inode->modified;
  stat->st_ctim = inode->changed;
}

// Takes the lock; false if the power is off, which is answered.
static bool begin(fuse_req_t request) {
  pthread_mutex_lock(&lock);
  if (off) {
    pthread_mutex_unlock(&lock);
    fuse_reply_err(request, EIO);
    return false;
  }
  return true;
}

static void end(fuse_req_t request, int error) {
  pthread_mutex_unlock(&lock);
  fuse_reply_err(request, error);
}

static void end_with_entry(fuse_req_t request, struct inode *inode, struct fuse_file_info *opened) {
  struct fuse_entry_param entry = {.ino = id_of(inode), .generation = 1};
  fill_stat(inode, &entry.attr);
  inode->lookups++;
  if (opened != NULL) {
    inode->opens++;
  }
  pthread_mutex_unlock(&lock);
  if (opened != NULL) {
    fuse_reply_create(request, &entry, opened);
  } else {
    fuse_reply_entry(request, &entry);
  }
}

static void do_init(void *data, struct fuse_conn_info *connection) {
  (void)data;
  connection->want &= ~(FUSE_CAP_WRITEBACK_CACHE | FUSE_CAP_AUTO_INVAL_DATA | FUSE_CAP_READDIRPLUS);
}

static void do_lookup(fuse_req_t request, fuse_ino_t parent, const char *name) {
  if (begin(request)) {
    struct inode *inode = find(&inode_of(parent)->now, name);
    if (inode == NULL) {
      end(request, ENOENT);
    } else {
      end_with_entry(request, inode, NULL);
    }
  }
}

static void forget(fuse_ino_t id, uint64_t lookups) {
  struct inode *inode = inode_of(id);
  inode->lookups -= lookups;
  if (inode != &root) {
    free_if_unused(inode);
  }
}

static void do_forget(fuse_req_t request, fuse_ino_t id, uint64_t lookups) {
  pthread_mutex_lock(&lock);
  forget(id, lookups);
  pthread_mutex_unlock(&lock);
  fuse_reply_none(request);
}

static void do_forget_multi(fuse_req_t request, size_t count, struct fuse_forget_data *forgets) {
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < count; i++) {
    forget(forgets[i].ino, forgets[i].nlookup);
  }
  pthread_mutex_unlock(&lock);
  fuse_reply_none(request);
}

static void do_getattr(fuse_req_t request, fuse_ino_t id, struct fuse_file_info *opened) {
  (void)opened;
  if (begin(request)) {
    struct stat stat;
    fill_stat(inode_of(id), &stat);
    pthread_mutex_unlock(&lock);
    fuse_reply_attr(request, &stat, 0);
  }
}

static void do_setattr(fuse_req_t request, fuse_ino_t id, struct stat *wanted, int which, struct fuse_file_info *opened) {
  (void)opened;
  if (!begin(request)) {
    return;
  }
  struct inode *inode = inode_of(id);
  if (which & FUSE_SET_ATTR_MODE) {
    inode->mode = (inode->mode & S_IFMT) | (wanted->st_mode & 07777);
  }
  if (which & FUSE_SET_ATTR_SIZE) {
    truncate_file(inode, (uint64_t)wanted->st_size);
  }
  if (which & FUSE_SET_ATTR_MTIME_NOW) {
    inode->modified = now();
  } else if (which & FUSE_SET_ATTR_MTIME) {
    inode->modified = wanted->st_mtim;
  }
  struct stat stat;
  fill_stat(inode, &stat);
  pthread_mutex_unlock(&lock);
  fuse_reply_attr(request, &stat, 0);
}

// Makes a file or directory; NULL if that was refused, which is answered and the lock released.
static struct inode *make(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode) {
  struct inode *directory = inode_of(parent);
  int error = 0;
  if (strlen(name) > MAX_NAME) {
    error = ENAMETOOLONG;
  } else if (find(&directory->now, name) != NULL) {
    error = EEXIST;
  } else if (!has_space(1)) {
    error = ENOSPC;
  }
  int fd = -1;
  if (error == 0 && S_ISREG(mode)) {
    fd = openat(backing, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    error = fd < 0 ? errno : 0;
  }
  if (error != 0) {
    end(request, error);
    return NULL;
  }
  struct inode *inode = new_inode(mode, directory);
  inode->fd = fd;
  inode->links = S_ISDIR(mode) ? 2 : 1;
  put(&directory->now, name, inode);
  note_change(inode, NULL, NULL, directory, name);
  return inode;
}

static void do_mknod(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode, dev_t device) {
  (void)device;
  if (!S_ISREG(mode)) {
    fuse_reply_err(request, EPERM);
    return;
  }
  if (begin(request)) {
    struct inode *inode = make(request, parent, name, mode);
    if (inode != NULL) {
      end_with_entry(request, inode, NULL);
    }
  }
}

static void do_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode) {
  if (begin(request)) {
    struct inode *inode = make(request, parent, name, S_IFDIR | (mode & 07777));
    if (inode != NULL) {
      end_with_entry(request, inode, NULL);
    }
  }
}

static bool direct_refused(struct fuse_file_info *opened) {
  if (refuse_direct && (opened->flags & O_DIRECT)) {
    stats.refused_direct++;
    return true;
  }
  return false;
}

static void do_create(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode, struct fuse_file_info *opened) {
  if (!begin(request)) {
    return;
  }
  // Linux, too, leaves the file behind where it refuses O_DIRECT.
  struct inode *inode = make(request, parent, name, S_IFREG | (mode & 07777));
  if (inode == NULL) {
    return;
  }
  if (direct_refused(opened)) {
    end(request, EINVAL);
    return;
  }
  end_with_entry(request, inode, opened);
}

static void do_open(fuse_req_t request, fuse_ino_t id, struct fuse_file_info *opened) {
  if (!begin(request)) {
    return;
  }
  struct inode *inode = inode_of(id);
  if (direct_refused(opened)) {
    end(request, EINVAL);
    return;
  }
  if (opened->flags & O_TRUNC) {
    truncate_file(inode, 0);
  }
  inode->opens++;
  pthread_mutex_unlock(&lock);
  fuse_reply_open(request, opened);
}

static void do_release(fuse_req_t request, fuse_ino_t id, struct fuse_file_info *opened) {
  (void)opened;
  pthread_mutex_lock(&lock);
  struct inode *inode = inode_of(id);
  inode->opens--;
  free_if_unused(inode);
  pthread_mutex_unlock(&lock);
  fuse_reply_err(request, 0);
}

static void do_unlink(fuse_req_t request, fuse_ino_t parent, const char *name) {
  if (!begin(request)) {
    return;
  }
  struct inode *directory = inode_of(parent), *inode = find(&directory->now, name);
  if (inode == NULL || S_ISDIR(inode->mode)) {
    end(request, inode == NULL ? ENOENT : EISDIR);
    return;
  }
  note_change(inode, directory, name, NULL, NULL);
  inode->links--;
  inode->changed = now();
  take_out(&directory->now, name);
  free_if_unused(inode);
  end(request, 0);
}

static void do_rmdir(fuse_req_t request, fuse_ino_t parent, const char *name) {
  if (!begin(request)) {
    return;
  }
  struct inode *directory = inode_of(parent), *inode = find(&directory->now, name);
  int error = inode == NULL ? ENOENT : !S_ISDIR(inode->mode) ? ENOTDIR : inode->now.count > 0 ? ENOTEMPTY : 0;
  if (error == 0) {
    note_change(inode, directory, name, NULL, NULL);
    take_out(&directory->now, name);
  }
  end(request, error);
}

static void do_rename(fuse_req_t request, fuse_ino_t from_id, const char *from_name, fuse_ino_t to_id, const char *to_name,
                      unsigned flags) {
  if (!begin(request)) {
    return;
  }
  struct inode *from = inode_of(from_id), *to = inode_of(to_id);
  struct inode *inode = find(&from->now, from_name), *replaced = find(&to->now, to_name);
  int error = 0;
  if (flags & ~(unsigned)RENAME_NOREPLACE) {
    error = EINVAL;
  } else if (inode == NULL) {
    error = ENOENT;
  } else if (replaced != NULL && (flags & RENAME_NOREPLACE)) {
    error = EEXIST;
  } else if (replaced != NULL && S_ISDIR(replaced->mode) && replaced->now.count > 0) {
    error = ENOTEMPTY;
  } else if (replaced != NULL && S_ISDIR(replaced->mode) != S_ISDIR(inode->mode)) {
    error = S_ISDIR(inode->mode) ? ENOTDIR : EISDIR;
  }
  if (error == 0 && inode != replaced) {
    note_change(inode, from, from_name, to, to_name);
    inode->references++;
    take_out(&from->now, from_name);
    if (replaced != NULL) {
      replaced->links--;
      take_out(&to->now, to_name);
    }
    put(&to->now, to_name, inode);
    release_reference(inode);
    inode->parent = to;
    inode->changed = now();
  }
  end(request, error);
}

static void do_link(fuse_req_t request, fuse_ino_t id, fuse_ino_t parent, const char *name) {
  if (!begin(request)) {
    return;
  }
  struct inode *inode = inode_of(id), *directory = inode_of(parent);
  if (find(&directory->now, name) != NULL) {
    end(request, EEXIST);
    return;
  }
  inode->links++;
  put(&directory->now, name, inode);
  note_change(inode, NULL, NULL, directory, name);
  end_with_entry(request, inode, NULL);
}

static void do_read(fuse_req_t request, fuse_ino_t id, size_t size, off_t offset, struct fuse_file_info *opened) {
  (void)opened;
  if (!begin(request)) {
    return;
  }
  char *buffer = need(malloc(size));
  ssize_t got = pread(inode_of(id)->fd, buffer, size, offset);
  int error = errno;
  pthread_mutex_unlock(&lock);
  if (got < 0) {
    fuse_reply_err(request, error);
  } else {
    fuse_reply_buf(request, buffer, (size_t)got);
  }
  free(buffer);
}

// An answer that is given late must not keep the other requests waiting.
struct late_answer {
  fuse_req_t request;
  struct inode *to_sync; // now, before answering; or NULL: answer that so much was written
  size_t written;
  uint64_t ms;
};

static void *answer_late(void *argument) {
  struct late_answer *late = argument;
  struct timespec pause = {(time_t)(late->ms / 1000), (long)(late->ms % 1000 * 1000000)};
  nanosleep(&pause, NULL);
  if (late->to_sync == NULL) {
    fuse_reply_write(late->request, late->written);
  } else {
    pthread_mutex_lock(&lock);
    int error = sync_inode(late->to_sync);
    release_reference(late->to_sync);
    pthread_mutex_unlock(&lock);
    fuse_reply_err(late->request, error);
  }
  free(late);
  return NULL;
}

static void end_late(fuse_req_t request, struct inode *to_sync, size_t written) {
  struct late_answer *late = need(calloc(1, sizeof *late));
  *late = (struct late_answer){request, to_sync, written, slow_sync_ms};
  if (to_sync != NULL) {
    to_sync->references++;
  }
  pthread_mutex_unlock(&lock);
  pthread_t thread;
  if (pthread_create(&thread, NULL, answer_late, late) != 0) {
    abort();
  }
  pthread_detach(thread);
}

static void do_write(fuse_req_t request, fuse_ino_t id, const char *data, size_t size, off_t offset,
                     struct fuse_file_info *opened) {
  if (!begin(request)) {
    return;
  }
  struct inode *file = inode_of(id);
  uint64_t from = (uint64_t)offset, to = from + size;
  bool direct = (opened->flags & O_DIRECT) != 0, dsync = (opened->flags & (O_DSYNC | O_SYNC)) != 0;
  if (direct && !opened->writepage && (from % SECTOR != 0 || size % SECTOR != 0)) {
    end(request, EINVAL);
    return;
  }
  if (!has_space(blocks_missing(file, from, to))) {
    end(request, ENOSPC);
    return;
  }
  keep_old(file, from, to);
  if (pwrite(file->fd, data, size, offset) != (ssize_t)size) {
    end(request, EIO);
    return;
  }
  allocate(file, from, to);
  file->size = to > file->size ? to : file->size;
  file->modified = file->changed = now();
  stats.writes++;
  stats.direct_writes += direct;
  int error = 0;
  if (dsync && !opened->writepage) {
    stats.dsync_writes++;
    if (failing_syncs > 0) {
      failing_syncs--;
      stats.failed_syncs++;
      doom_pending(file);
      error = EIO;
    } else if (below_lie(file)) {
      stats.lies++;
    } else {
      settle(file, from, to);
      file->durable_size = to > file->durable_size ? to : file->durable_size;
      if (!strict_names) {
        sync_names_ordered(file);
      }
    }
  }
  if (error == 0 && dsync && slow_sync_ms > 0) {
    end_late(request, NULL, size);
    return;
  }
  pthread_mutex_unlock(&lock);
  if (error != 0) {
    fuse_reply_err(request, error);
  } else {
    fuse_reply_write(request, size);
  }
}

static void do_fallocate(fuse_req_t request, fuse_ino_t id, int mode, off_t offset, off_t length,
                         struct fuse_file_info *opened) {
  (void)opened;
  if (!begin(request)) {
    return;
  }
  struct inode *file = inode_of(id);
  uint64_t from = (uint64_t)offset, to = from + (uint64_t)length;
  if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) {
    end(request, EOPNOTSUPP);
    return;
  }
  bool zeroes = (mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) != 0;
  if (!(mode & FALLOC_FL_PUNCH_HOLE) && !has_space(blocks_missing(file, from, to))) {
    end(request, ENOSPC);
    return;
  }
  if (zeroes && from < file->size) {
    static const char ZEROS[BLOCK];
    uint64_t until = to < file->size ? to : file->size;
    keep_old(file, from, until);
    for (uint64_t at = from; at < until;) {
      size_t step = until - at < BLOCK ? until - at : BLOCK;
      if (pwrite(file->fd, ZEROS, step, (off_t)at) != (ssize_t)step) {
        abort();
      }
      at += step;
    }
  }
  if (!(mode & FALLOC_FL_PUNCH_HOLE)) {
    allocate(file, from, to);
  }
  if (!(mode & FALLOC_FL_KEEP_SIZE) && to > file->size) {
    truncate_file(file, to);
  }
  end(request, 0);
}

static void do_fsync(fuse_req_t request, fuse_ino_t id, int data_only, struct fuse_file_info *opened) {
  (void)data_only;
  (void)opened;
  if (!begin(request)) {
    return;
  }
  struct inode *inode = inode_of(id);
  if (slow_sync_ms == 0) {
    end(request, sync_inode(inode));
    return;
  }
  end_late(request, inode, 0);
}

static void do_flush(fuse_req_t request, fuse_ino_t id, struct fuse_file_info *opened) {
  (void)id;
  (void)opened;
  fuse_reply_err(request, 0);
}

static void do_opendir(fuse_req_t request, fuse_ino_t id, struct fuse_file_info *opened) {
  (void)id;
  if (begin(request)) {
    pthread_mutex_unlock(&lock);
    fuse_reply_open(request, opened);
  }
}

static void do_releasedir(fuse_req_t request, fuse_ino_t id, struct fuse_file_info *opened) {
  (void)id;
  (void)opened;
  fuse_reply_err(request, 0);
}

// The offset of an entry is its place, plus 2 for the dots. Removing while reading may show an entry twice or not at all to that
// reader, as the last takes the place of the removed: so the place is counted from the end, where only what was read moves to.
static void do_readdir(fuse_req_t request, fuse_ino_t id, size_t size, off_t offset, struct fuse_file_info *opened) {
  (void)opened;
  if (!begin(request)) {
    return;
  }
  struct inode *directory = inode_of(id);
  char *buffer = need(malloc(size));
  size_t used = 0;
  // Offset 0: nothing read; 1 and 2: a dot and two dots read; 3 + i: items[i] is the last that was read.
  off_t at = offset;
  while (at != 3) {
    const char *name;
    struct stat stat;
    off_t next;
    if (at < 2) {
      name = at == 0 ? "." : "..";
      next = at + 1;
      fill_stat(directory, &stat);
    } else {
      size_t left = at == 2 ? directory->now.count : (size_t)(at - 3);
      left = left < directory->now.count ? left : directory->now.count;
      if (left == 0) {
        break;
      }
      struct entry *entry = &directory->now.items[left - 1];
      name = entry->name;
      next = (off_t)(left - 1) + 3;
      fill_stat(entry->inode, &stat);
    }
    size_t length = fuse_add_direntry(request, buffer + used, size - used, name, &stat, next);
    if (length > size - used) {
      break;
    }
    used += length;
    at = next;
  }
  pthread_mutex_unlock(&lock);
  fuse_reply_buf(request, buffer, used);
  free(buffer);
}

static void do_statfs(fuse_req_t request, fuse_ino_t id) {
  (void)id;
  if (!begin(request)) {
    return;
  }
  struct statvfs statfs = {.f_bsize = BLOCK, .f_frsize = BLOCK, .f_namemax = MAX_NAME, .f_files = 1 << 20, .f_ffree = 1 << 19};
  uint64_t all = quota_bytes != 0 ? quota_bytes / BLOCK : 1u << 24;
  statfs.f_blocks = all;
  statfs.f_bfree = statfs.f_bavail = all > used_blocks ? all - used_blocks : 0;
  statfs.f_favail = statfs.f_ffree;
  pthread_mutex_unlock(&lock);
  fuse_reply_statfs(request, &statfs);
}

static const struct fuse_lowlevel_ops OPERATIONS = {
    .init = do_init,
    .lookup = do_lookup,
    .forget = do_forget,
    .forget_multi = do_forget_multi,
    .getattr = do_getattr,
    .setattr = do_setattr,
    .mknod = do_mknod,
    .mkdir = do_mkdir,
    .create = do_create,
    .open = do_open,
    .release = do_release,
    .unlink = do_unlink,
    .rmdir = do_rmdir,
    .rename = do_rename,
    .link = do_link,
    .read = do_read,
    .write = do_write,
    .fallocate = do_fallocate,
    .flush = do_flush,
    .fsync = do_fsync,
    .fsyncdir = do_fsync,
    .opendir = do_opendir,
    .readdir = do_readdir,
    .releasedir = do_releasedir,
    .statfs = do_statfs,
};

// ------------------------------------------------------------------------------------------------------------ commands

static struct inode *resolve(char *path) {
  struct inode *inode = &root;
  char *rest = NULL;
  for (char *part = strtok_r(path, "/", &rest); part != NULL; part = strtok_r(NULL, "/", &rest)) {
    if (strcmp(part, ".") != 0) {
      inode = S_ISDIR(inode->mode) ? find(&inode->now, part) : NULL;
    }
    if (inode == NULL) {
      return NULL;
    }
  }
  return inode;
}

// The kernel must not go on with what it has cached from before the power loss. Without the lock: it may wait for requests that
// need it.
static void drop_kernel_caches(void) {
  pthread_mutex_lock(&lock);
  size_t count = 0, capacity = 1024;
  fuse_ino_t *known = need(malloc(capacity * sizeof *known));
  for (struct inode *inode = root.next; inode != NULL; inode = inode->next) {
    if (inode->lookups > 0) {
      if (count == capacity) {
        known = need(realloc(known, (capacity *= 2) * sizeof *known));
      }
      known[count++] = id_of(inode);
    }
  }
  pthread_mutex_unlock(&lock);
  for (size_t i = 0; i < count; i++) {
    fuse_lowlevel_notify_inval_inode(session, known[i], 0, 0);
  }
  free(known);
}

static void print_stats(void) {
  printf("ok writes=%lu direct-writes=%lu dsync-writes=%lu syncs=%lu directory-syncs=%lu lies=%lu failed-syncs=%lu "
         "refused-direct=%lu no-space=%lu power-losses=%lu lost-sectors=%lu kept-sectors=%lu torn-files=%lu lost-names=%lu "
         "kept-names=%lu used-bytes=%lu\n",
         stats.writes, stats.direct_writes, stats.dsync_writes, stats.syncs, stats.directory_syncs, stats.lies,
         stats.failed_syncs, stats.refused_direct, stats.no_space, stats.power_losses, stats.lost_sectors, stats.kept_sectors,
         stats.torn_files, stats.lost_names, stats.kept_names, used_blocks * BLOCK);
}

// Answers one command; with the lock held.
static void obey(const char *command, char *argument, char *second) {
  const char *complaint = NULL;
  if (strcmp(command, "stats") == 0) {
    print_stats();
    return;
  } else if (strcmp(command, "power-off") == 0 && second != NULL) {
    if (off) {
      complaint = "the power is off";
    } else if (strcmp(second, "none") != 0 && strcmp(second, "some") != 0 && strcmp(second, "all") != 0) {
      complaint = "expected none, some or all";
    } else {
      power_off(strtoull(argument, NULL, 10), strcmp(second, "some") == 0, strcmp(second, "all") == 0);
    }
  } else if (strcmp(command, "power-on") == 0) {
    off = false;
  } else if (strcmp(command, "honest") == 0) {
    for (struct inode *inode = &root; inode != NULL; inode = inode->next) {
      inode->lies = false;
    }
  } else if (strcmp(command, "lie") == 0 && argument != NULL) {
    struct inode *inode = resolve(argument);
    if (inode == NULL) {
      complaint = "no such path";
    } else {
      inode->lies = true;
    }
  } else if (strcmp(command, "namespace") == 0 && argument != NULL) {
    strict_names = strcmp(argument, "strict") == 0;
  } else if (strcmp(command, "direct") == 0 && argument != NULL) {
    refuse_direct = strcmp(argument, "off") == 0;
  } else if (strcmp(command, "slow-sync") == 0 && argument != NULL) {
    slow_sync_ms = strtoull(argument, NULL, 10);
  } else if (strcmp(command, "fail-syncs") == 0 && argument != NULL) {
    failing_syncs = strtoull(argument, NULL, 10);
  } else if (strcmp(command, "quota") == 0 && argument != NULL) {
    quota_bytes = strtoull(argument, NULL, 10);
  } else {
    complaint = "unknown command";
  }
  if (complaint == NULL) {
    puts("ok");
  } else {
    printf("error %s\n", complaint);
  }
}

static void unmount(void) {
  if (umount2(mountpoint, MNT_DETACH) != 0) {
    pid_t child = fork();
    if (child == 0) {
      execlp("fusermount3", "fusermount3", "-uz", mountpoint, (char *)NULL);
      _exit(127);
    }
    waitpid(child, NULL, 0);
  }
}

static void *serve_commands(void *unused) {
  (void)unused;
  char line[4096];
  while (fgets(line, sizeof line, stdin) != NULL) {
    char *rest = NULL, *command = strtok_r(line, " \n", &rest);
    if (command == NULL) {
      continue;
    }
    char *argument = strtok_r(NULL, " \n", &rest), *second = strtok_r(NULL, " \n", &rest);
    if (strcmp(command, "power-on") == 0) {
      drop_kernel_caches();
    }
    pthread_mutex_lock(&lock);
    obey(command, argument, second);
    pthread_mutex_unlock(&lock);
    fflush(stdout);
  }
  unmount();
  _exit(0);
}

int main(int count, char **arguments) {
  if (count != 3) {
    fputs("usage: lossyfs MOUNTPOINT BACKING-DIRECTORY\n", stderr);
    return 2;
  }
  // The end of standard input ends it, whatever ends the one who started it: so nothing stays mounted after a Ctrl-C for all.
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  mountpoint = arguments[1];
  backing = open(arguments[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (backing < 0) {
    perror(arguments[2]);
    return 1;
  }
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  root.number = 1;
  root.mode = S_IFDIR | 0755;
  root.links = 2;
  root.modified = root.changed = now();
  root.fd = -1;

  char *mount_options[] = {arguments[0], "-o", "fsname=lossyfs"};
  struct fuse_args args = FUSE_ARGS_INIT(3, mount_options);
  session = fuse_session_new(&args, &OPERATIONS, sizeof OPERATIONS, NULL);
  if (session == NULL || fuse_session_mount(session, mountpoint) != 0) {
    fputs("lossyfs: cannot mount\n", stderr);
    return 1;
  }
  puts("ok mounted");
  fflush(stdout);
  pthread_t commands;
  if (pthread_create(&commands, NULL, serve_commands, NULL) != 0) {
    return 1;
  }
  int result = fuse_session_loop(session);
  fuse_session_unmount(session);
  return result == 0 ? 0 : 1;
}
