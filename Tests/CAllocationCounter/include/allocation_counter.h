#pragma once

/// How often this thread has asked the system for memory so far: calls of malloc and its kind, those of
/// Swift's objects and arrays among them. Stays 0 under the address sanitizer, which has an allocator of
/// its own.
long allocation_count(void);
