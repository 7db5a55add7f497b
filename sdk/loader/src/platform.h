// Everything the loader asks of the operating system, besides the sockets of careplug/wire/stream.h. One
// folder for each system implements it.
#ifndef CAREPLUG_LOADER_PLATFORM_H
#define CAREPLUG_LOADER_PLATFORM_H

#include <careplug/wire/stream.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace careplug::loader {

// A sentence for a person where this system has no engine at all; otherwise empty.
std::string_view why_no_engine();

struct SocketPair {
    wire::Stream ours;
    wire::Stream theirs;
};
// Both ends empty where the system has no descriptors left.
SocketPair socket_pair();

// The engine and the jail beside this library's own file; never found by a search path or the environment.
// Open: they stay what they are, whatever is put in their place.
class Programs {
public:
    // As they lie there now. Empty where there is no engine that can be opened.
    static std::shared_ptr<const Programs> installed();
    ~Programs();
    Programs(const Programs&) = delete;
    Programs& operator=(const Programs&) = delete;

    const std::string& engine_path() const { return engine_path_; }
    int engine() const { return engine_; }
    int jail() const { return jail_; }  // -1: there is none
    // No other file lies in the place of either.
    bool still_there() const;

private:
    Programs() = default;
    std::string engine_path_;
    std::string jail_path_;
    int engine_ = -1;
    int jail_ = -1;
};

// The engine as a child of the host's process. Only this child is ever waited for or ended: the host's other
// children, its signal handlers and its signal mask are left alone.
class EngineProcess {
public:
    EngineProcess() = default;
    EngineProcess(const EngineProcess&) = delete;
    EngineProcess& operator=(const EngineProcess&) = delete;
    ~EngineProcess() { end(0); }

    // Gives the child its end of control. Empty on success, otherwise what went wrong, for a log.
    std::string start(const Programs& programs, const wire::Stream& control);
    // Ends it without waiting.
    void kill();
    // Of two, the one that was started last, or the ones before it.
    void kill_last();
    void kill_former();
    // Waits this long for it to end by itself (its control is closed), then ends it.
    void end(std::int64_t grace_milliseconds);
    // Buries those that ended: a killed process may take its time.
    void bury();

private:
    struct Child {
        int process = -1;
        int descriptor = -1;  // the number may belong to another process by now, this cannot
    };
    static void kill(const Child& child);
    std::vector<Child> children_;  // the last is the engine or its successor, others are ending
};

// Readable when a socket has bytes, or a time has come. Several wait handles may wait for one.
class Alarm {
public:
    Alarm() = default;
    Alarm(const Alarm&) = delete;
    Alarm& operator=(const Alarm&) = delete;
    ~Alarm() { close(); }

    bool open();
    void listen(const wire::Stream& stream);
    void forget(const wire::Stream& stream);
    // boot_milliseconds(); 0: at no time.
    void at(std::int64_t moment);
    void close();
    int descriptor() const { return poll_; }

private:
    int poll_ = -1;
    int timer_ = -1;
};

// Readable while events wait: while the loader holds some, or while a socket of the session has bytes.
class WaitHandle {
public:
    WaitHandle() = default;
    WaitHandle(const WaitHandle&) = delete;
    WaitHandle& operator=(const WaitHandle&) = delete;
    ~WaitHandle() { close(); }

    bool open(const Alarm& alarm);
    bool listen(const wire::Stream& events);
    // Its end of file would leave the handle readable for ever.
    void forget(const wire::Stream& events);
    void set(bool waiting);
    void close();
    std::int64_t value() const { return poll_; }

private:
    int poll_ = -1;
    int signal_ = -1;
    bool waiting_ = false;
};

// Returns when one of them has bytes or ended, or at the deadline. The second may be left out.
void wait_for_bytes(const wire::Stream& first, const wire::Stream* second, std::int64_t deadline);

// Memory that another process writes and this one only reads. Its size can never change, so that no one can
// take it away under a reader.
class SharedMemory {
public:
    SharedMemory() = default;
    SharedMemory(SharedMemory&& from) noexcept;
    SharedMemory& operator=(SharedMemory&& from) noexcept;
    ~SharedMemory();

    // Empty where the system has no memory or descriptors left.
    static SharedMemory make(std::size_t size);
    explicit operator bool() const { return memory_ != nullptr; }
    std::span<const std::byte> bytes() const { return {memory_, size_}; }
    // To hand over, as long as it was not closed. Whoever has it may write.
    int descriptor() const { return descriptor_; }
    void close_descriptor();

private:
    const std::byte* memory_ = nullptr;
    std::size_t size_ = 0;
    int descriptor_ = -1;
};

// Milliseconds since 1970 UTC.
std::int64_t utc_milliseconds();

std::uint32_t random_number();

}  // namespace careplug::loader

#endif
