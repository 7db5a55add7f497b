// A library that is no plugin: it lacks careplug_entry.
extern "C" __attribute__((visibility("default"))) int something_else() {
    return 42;
}
