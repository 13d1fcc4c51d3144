package import PumpkiiCapture
internal import PumpkiiPolicy
internal import PumpkiiSystem
package import PumpkiiWire

extension Metrics {
  /// Units of a track by outcome, what was dropped by reason, and what was denied by flag.
  package func add(_ accounts: [(media: MediaClass, account: UnitAccount)]) {
    add("frames", "Units that a sensor made (a picture, 20 ms of sound), by outcome.", .counter) {
      accounts.flatMap { media, account in
        let counts = account.current
        return [
          Sample([.track: media.name, .outcome: "sealed"], counts.sealed),
          Sample([.track: media.name, .outcome: "denied"], counts.denied),
          Sample([.track: media.name, .outcome: "dropped"], counts.dropped.values.reduce(0, +)),
        ]
      }
    }
    add("drops", "Units that were dropped, by reason.", .counter) {
      accounts.flatMap { media, account in
        let dropped = account.current.dropped
        return UnitAccount.Drop.allCases.map {
          Sample([.track: media.name, .reason: $0.rawValue], dropped[$0] ?? 0)
        }
      }
    }
    add("denials", "Units that the gate denied, by the permission that denied them.", .counter) {
      accounts.flatMap { media, account in
        account.current.deniedBy.map { Sample([.track: media.name, .flag: $0.key], $0.value) }
      }
    }
  }

  /// What did not come about, by where it was asked and the permission that denied it.
  package func add(_ denials: Denials) {
    add("denied", "What the gate denied, by enforcement point and permission.", .counter) {
      denials.counts.map { row, count in
        Sample([.point: row.point.rawValue.lowercased(), .flag: row.flag.rawValue], count)
      }
    }
  }

  /// What the recorder has, and what it lost.
  package func add(_ recorder: Recorder) {
    let report = { @Sendable in recorder.report.value }
    add("clips", "Finished clips on the disk.", .gauge) { [Sample([:], UInt64(report().clips))] }
    add("clip_bytes", "Bytes of finished clips on the disk.", .gauge) { [Sample([:], UInt64(report().bytes))] }
    add("clips_removed", "Finished clips that were removed, by reason.", .counter) {
      let removed = report().removed
      return ClipIndex.Reason.allCases.map { Sample([.reason: $0.rawValue], removed[$0] ?? 0) }
    }
    add("clips_unsent", "Clips that waited for the relay and had to go for room or time.", .counter) {
      [Sample([:], report().unsent)]
    }
    add("recording_lost", "Sealed objects that no clip has, by where they were lost.", .counter) {
      let report = report()
      return [
        Sample([.reason: "disk"], UInt64(report.lostObjects)), Sample([.reason: "queue"], UInt64(report.lostInQueue)),
      ]
    }
    add("recording_trouble", "Whether the disk takes no clips now: 1 or 0.", .gauge) {
      [Sample([:], report().trouble == nil ? 0 as UInt64 : 1)]
    }
  }

  /// What became of notices.
  package func add(_ desk: NoticeDesk) {
    add("notices", "Notices, by outcome; lost are those that came too soon or too many.", .counter) {
      let count = desk.count
      return [
        Sample([.outcome: "shown"], count.shown), Sample([.outcome: "denied"], count.denied),
        Sample([.outcome: "failed"], count.failed), Sample([.outcome: "lost"], desk.lost),
      ]
    }
  }

  /// Which sensors are open now.
  package func addSensors(_ isOpen: @escaping @Sendable (SensorIdentity.Kind) -> Bool) {
    add("sensor_open", "Whether a sensor is open: 1 or 0.", .gauge) {
      SensorIdentity.Kind.allCases.map { Sample([.sensor: $0.rawValue], isOpen($0) ? 1 as UInt64 : 0) }
    }
  }

  /// Which of the agent's states holds now.
  package func addState(_ states: [String], _ current: @escaping @Sendable () -> String) {
    add("state", "Which state the agent is in: 1 for that one.", .gauge) {
      let now = current()
      return states.map { Sample([.state: $0], $0 == now ? 1 as UInt64 : 0) }
    }
  }

  /// How much waits in each queue.
  package func addQueues(_ sizes: [(name: String, size: @Sendable () -> Int)]) {
    add("queue_size", "Objects that wait in a queue.", .gauge) {
      sizes.map { Sample([.queue: $0.name], UInt64(max($0.size(), 0))) }
    }
  }

  /// What became of the local preview's objects, and who looks.
  package func add(_ desk: PreviewDesk) {
    add("preview_objects", "Objects of the local preview, by outcome.", .counter) {
      let counts = desk.counts
      return [
        Sample([.outcome: "shown"], counts.shown), Sample([.outcome: "denied"], counts.denied),
        Sample([.outcome: "lost"], counts.lost), Sample([.outcome: "refused"], counts.refused),
      ]
    }
    add("preview_consumers", "Who looks at the local preview, by what is taken.", .gauge) {
      let wants = desk.wants.value
      return PreviewWants.Kind.allCases.map { Sample([.kind: $0.rawValue], UInt64(max(wants[$0], 0))) }
    }
  }
}
