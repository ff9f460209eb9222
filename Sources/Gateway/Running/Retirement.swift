import Custody
import DurableFiles
import Intake
import Reporting
import Synchronization

/// Removes what was kept long enough, in small steps; nothing while the clock is not believed.
package final class Retirement: Sendable {
    /// Lines of the trail in one cut, each of which is a line itself: cut seldom, and much at a time.
    private static let auditLines = 10_000
    /// Milliseconds between two times that slow work is begun anew.
    private static let pause: Int64 = 3_600_000

    private struct State {
        var nextAuditCut = Int64.min
        var nextSweep = Int64.min
        var sweeps: [(source: String, sweep: DoneSweep)]
    }

    private let engine: Engine
    private let log: Log
    private let state: Mutex<State>

    init(_ engine: Engine, log: Log) {
        self.engine = engine
        self.log = log
        let files = engine.files
        state = Mutex(State(sweeps: engine.sources.map { ($0.name, DoneSweep($0.done, files: files)) }))
    }

    private var kept: Configuration.Retention { engine.processor.rules.configuration.retention }

    private func before(_ days: Int) -> Instant {
        Instant(milliseconds: engine.time.wall().milliseconds - Int64(days) * 86_400_000)
    }

    /// Removes a few of each kind.
    package func step() {
        guard engine.retentionClock.judge() else { return }
        retireMessages()
        let steady = engine.time.steady().milliseconds
        state.withLock { state in
            if steady >= state.nextAuditCut { retireAudit(&state, steady) }
            if steady >= state.nextSweep { sweep(&state, steady) }
        }
    }

    private func retireMessages() {
        var policy = RetentionPolicy()
        policy.deliveredContentDays = kept.payloads
        policy.resolvedDays = kept.dead
        policy.metadataDays = kept.metadata
        guard let retired = try? engine.custody.retire(policy, now: engine.time.wall()), retired.isMore else { return }
        engine.metrics.removed("contents", retired.contents)
        engine.metrics.removed("messages", retired.messages)
        engine.metrics.removed("mappings", retired.mappings)
        log.say(
            .retired, "removed what was kept long enough",
            ["contents": .number(retired.contents), "messages": .number(retired.messages)])
    }

    /// Cuts off the beginning of the audit trail.
    private func retireAudit(_ state: inout State, _ steady: Int64) {
        let cut = try? engine.custody.cutAudit(before: before(kept.audit), limit: Self.auditLines, actor: "gateway")
        guard let cut else { return }
        if cut < Self.auditLines { state.nextAuditCut = steady + Self.pause }
        guard cut > 0 else { return }
        engine.metrics.removed("audit-lines", cut)
        log.say(.retired, "cut off the beginning of the audit trail: its time is over", ["lines": .number(cut)])
    }

    /// Empties folders of documents that are done with. One that cannot be worked on is tried again in an hour.
    private func sweep(_ state: inout State, _ steady: Int64) {
        var isMore = false
        for index in state.sweeps.indices {
            var removed = 0
            do throws(FileError) {
                let step = try state.sweeps[index].sweep.step(before: before(kept.done))
                (removed, isMore) = (step.removed, isMore || step.isMore)
            } catch {
                log.say(
                    .warning, .sourceFailed, "documents that are done with cannot be removed",
                    ["source": .string(state.sweeps[index].source), "error": .string(error.withoutPath)])
            }
            guard removed > 0 else { continue }
            engine.metrics.removed("done-files", removed)
            log.say(
                .retired, "removed documents that were done with: they lay there long enough",
                ["source": .string(state.sweeps[index].source), "files": .number(removed)])
        }
        if !isMore { state.nextSweep = steady + Self.pause }
    }
}
