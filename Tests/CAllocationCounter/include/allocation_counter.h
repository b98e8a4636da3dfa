#pragma once

#include <stdbool.h>

// Linked into the test program, this stands before the C library's malloc everywhere in it. Not under a
// sanitizer, which has an allocator of its own.

/// Whether allocations are counted in this build.
bool allocations_are_counted(void);

/// How often this thread has asked the system for memory so far: calls of malloc and its kind, those of
/// Swift's objects and arrays among them.
long allocation_count(void);

/// How often all threads have.
long allocation_count_of_all_threads(void);
