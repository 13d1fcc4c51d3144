import CPumpkiiV4L2
import Glibc
import PumpkiiV4L2
import Testing

/// A kernel with drivers in user space and a clock of its own: waiting costs no time. Whatever was opened or mapped must be
/// given back: ``expectBalance(sourceLocation:)``.
@safe final class ScriptedKernel: DeviceKernel, @unchecked Sendable {
  private final class Open {
    let node: ScriptedNode?
    let generation: Int
    var isRaised = false
    let isWaker: Bool
    init(node: ScriptedNode?, isWaker: Bool = false) {
      self.node = node
      generation = node?.generation ?? 0
      self.isWaker = isWaker
    }
  }
  /// By path; take one out and it is ENOENT.
  var nodes: [String: ScriptedNode]
  /// Answers of open(2) instead of success, by path: EACCES.
  var openErrors: [String: Int32] = [:]
  /// Things that happen at an instant, while somebody waits.
  var schedule: [(at: UInt64, action: () -> Void)] = []
  /// Each poll takes a millisecond of real time as well, for readers on threads of their own.
  var isPaced = false
  /// CLOCK_MONOTONIC.
  private(set) var time: UInt64 = 1_000_000_000_000
  /// Calls of poll(2), ioctl(2) by name are in the node's log.
  private(set) var polls = 0
  private(set) var opened = 0
  /// What open(2) was given.
  private(set) var flags: [Int32] = []
  private(set) var closed = 0
  private(set) var mappings = 0
  private(set) var unmappings = 0
  private var table: [Int32: Open] = [:]
  private var mapped: [UnsafeMutableRawPointer: (length: Int, node: ScriptedNode)] = unsafe [:]
  private var nextDescriptor: Int32 = 1000
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

  init(_ nodes: [String: ScriptedNode] = [:]) {
    self.nodes = nodes
    var attributes = pthread_mutexattr_t()
    unsafe pthread_mutexattr_init(&attributes)
    unsafe pthread_mutexattr_settype(&attributes, Int32(PTHREAD_MUTEX_RECURSIVE))
    unsafe pthread_mutex_init(lock, &attributes)
  }

  deinit {
    unsafe pthread_mutex_destroy(lock)
    unsafe lock.deallocate()
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    return body()
  }

  /// Lets time pass with nobody listening.
  func advance(_ nanoseconds: UInt64) { locked { move(to: time + nanoseconds) } }

  func advance(milliseconds: UInt64) { advance(milliseconds * 1_000_000) }

  /// Everything opened is closed, everything mapped unmapped.
  func expectBalance(sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(opened == closed, "descriptors: \(opened) opened, \(closed) closed", sourceLocation: sourceLocation)
    #expect(mappings == unmappings, "mappings: \(mappings), \(unmappings) undone", sourceLocation: sourceLocation)
  }

  /// Descriptors that are open now.
  var openDescriptors: Int { locked { table.count } }

  /// A descriptor made by a driver (EXPBUF).
  func adopt() -> Int32 { add(Open(node: nil)) }

  private func add(_ open: Open) -> Int32 {
    nextDescriptor += 1
    opened += 1
    table[nextDescriptor] = open
    return nextDescriptor
  }

  func open(_ path: String, flags: Int32) -> Int32 {
    locked {
      if let errno = openErrors[path] { return -errno }
      guard let node = nodes[path], node.isPresent else { return -ENOENT }
      self.flags.append(flags)
      #expect(flags & O_NONBLOCK != 0, "a dead camera would hold the thread")
      node.thaw(.reopen)
      node.log.append("open")
      return add(Open(node: node))
    }
  }

  func close(_ descriptor: Int32) {
    locked {
      guard let open = table.removeValue(forKey: descriptor) else {
        Issue.record("descriptor \(descriptor) was closed twice")
        return
      }
      closed += 1
      guard let node = open.node, open.generation == node.generation, node.owner == descriptor else { return }
      node.owner = nil
      node.stopAll()
      for type in Array(node.queues.keys) where unsafe !mapped.values.contains(where: { $0.node === node }) {
        node.free(type)
        node.queues[type] = nil
      }
      node.events = []
      node.subscriptions = []
    }
  }

  func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer?) -> Int32 {
    locked {
      guard let open = table[descriptor] else { return -EBADF }
      guard let node = open.node, let argument = unsafe argument else { return -ENOTTY }
      node.log.append(ScriptedNode.names[request] ?? "\(request)")
      if let delay = node.delays[request] { move(to: time + delay) }
      guard node.isPresent, open.generation == node.generation else { return -ENODEV }
      if var list = node.failures[request], !list.isEmpty {
        let errno = list.removeFirst()
        node.failures[request] = list
        if errno != 0 { return -errno }
      }
      if let errno = node.refusals[request] { return -errno }
      if [PK_VIDIOC_S_FMT, PK_VIDIOC_REQBUFS, PK_VIDIOC_S_INPUT].contains(request) {
        if let owner = node.owner, owner != descriptor { return -EBUSY }
        if request != PK_VIDIOC_S_INPUT { node.owner = descriptor }
      }
      node.run(until: time)
      let count = unsafe mapped.values.count { $0.node === node }
      let result = unsafe node.handle(request, argument, mapped: count, now: time, kernel: self)
      node.run(until: time)
      return result
    }
  }

  func map(_ descriptor: Int32, length: Int, offset: Int64, writable: Bool) -> UnsafeMutableRawPointer? {
    unsafe locked {
      guard let node = table[descriptor]?.node, let address = unsafe node.memory(at: offset, length: length) else {
        return nil
      }
      unsafe #expect(mapped[address] == nil, "mapped twice")
      unsafe mapped[address] = (length, node)
      mappings += 1
      return unsafe address
    }
  }

  func unmap(_ address: UnsafeMutableRawPointer, length: Int) {
    locked {
      guard let known = unsafe mapped.removeValue(forKey: address) else {
        Issue.record("unmapped what is not mapped")
        return
      }
      #expect(known.length == length)
      unmappings += 1
    }
  }

  func poll(_ entries: inout [PollEntry], timeout: Int32) -> Int32 {
    if isPaced { usleep(1000) }
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    polls += 1
    #expect(polls < 1_000_000, "a busy loop")
    let deadline = timeout < 0 ? UInt64.max : time + UInt64(timeout) * 1_000_000
    while true {
      for node in nodes.values { node.run(until: time) }
      let count = look(&entries)
      if count > 0 { return count }
      let next = min(nodes.values.map(\.nextFrame).min() ?? .max, schedule.map(\.at).min() ?? .max)
      if next > deadline || next == .max {
        guard deadline != .max else { return idle(&entries) }
        move(to: deadline)
        return look(&entries)
      }
      move(to: next)
    }
  }

  /// Nothing can happen but a waker of another thread.
  private func idle(_ entries: inout [PollEntry]) -> Int32 {
    for _ in 0..<10_000 {
      unsafe pthread_mutex_unlock(lock)
      usleep(1000)
      unsafe pthread_mutex_lock(lock)
      let count = look(&entries)
      if count > 0 { return count }
    }
    Issue.record("poll(2) waits for ever")
    return 0
  }

  private func look(_ entries: inout [PollEntry]) -> Int32 {
    var count: Int32 = 0
    for index in entries.indices {
      entries[index].happened = 0
      guard entries[index].descriptor >= 0 else { continue }
      guard let open = table[entries[index].descriptor] else {
        entries[index].happened = Int16(POLLNVAL)
        count += 1
        continue
      }
      if open.isWaker {
        entries[index].happened = open.isRaised ? Int16(POLLIN) : 0
      } else if let node = open.node {
        entries[index].happened = node.readiness(asked: entries[index].events, generation: open.generation)
      }
      if entries[index].happened != 0 { count += 1 }
    }
    return count
  }

  private func move(to instant: UInt64) {
    while let next = schedule.enumerated().min(by: { $0.element.at < $1.element.at }), next.element.at <= instant {
      time = max(time, next.element.at)
      let action = schedule.remove(at: next.offset).action
      for node in nodes.values { node.run(until: time) }
      action()
    }
    time = max(time, instant)
    for node in nodes.values { node.run(until: time) }
  }

  func now() -> UInt64 { locked { time } }

  func makeWaker() -> Int32 { locked { add(Open(node: nil, isWaker: true)) } }

  func wake(_ waker: Int32) {
    locked {
      if table[waker] == nil { Issue.record("a closed waker was raised") }
      table[waker]?.isRaised = true
    }
  }

  func rest(_ waker: Int32) { locked { table[waker]?.isRaised = false } }
}
