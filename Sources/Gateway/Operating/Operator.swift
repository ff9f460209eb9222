package import Custody
import Delivery
package import Reporting
import Synchronization

/// Answers operators' questions and does what they ask, in the process that has the store: the running gateway, or the
/// command itself when none runs.
///
/// A question is a JSON object with `ask` and what belongs to it; an answer has `result`, or `error` with an exit code
/// after sysexits.
package final class Operator: Sendable {
    /// Why a question has no answer.
    struct Refusal: Error {
        var exit: Int32
        var message: String

        static func notThere(_ what: String) -> Refusal { Refusal(exit: 66, message: what) }
        static func wrong(_ what: String) -> Refusal { Refusal(exit: 64, message: what) }
    }

    let engine: Engine
    let log: Log
    private let pausedSources: Mutex<Set<String>>
    /// The rules of an earlier mapping version, kept from one document of a plan to the next.
    let earlierRules = Mutex<EarlierRules?>(nil)
    /// Reads configuration and mappings again; says what stands in the way.
    let reload: @Sendable () -> [Finding]

    package init(
        _ engine: Engine, log: Log, reload: @escaping @Sendable () -> [Finding] = { [] }
    ) throws(CustodyError) {
        self.engine = engine
        self.log = log
        self.reload = reload
        let paused = try engine.custody.ledger.pauses().filter { $0.kind == "source" }.map(\.name)
        pausedSources = Mutex(Set(paused))
    }

    package func isPaused(source: String) -> Bool { pausedSources.withLock { $0.contains(source) } }

    func setPaused(source: String, _ isPaused: Bool) {
        pausedSources.withLock { if isPaused { $0.insert(source) } else { $0.remove(source) } }
    }

    /// Answers one question.
    package func answer(_ question: String) -> String {
        guard let question = JSONValue(text: question), let ask = question["ask"]?.string else {
            return Self.text(Refusal.wrong("this is no question"))
        }
        do {
            return JSONValue.members(["result": try result(ask, question)]).text()
        } catch let refusal as Refusal {
            return Self.text(refusal)
        } catch let error as CustodyError {
            return Self.text(Refusal(exit: 74, message: "the store failed: \(error)"))
        } catch {
            return Self.text(Refusal(exit: 70, message: "\(error)"))
        }
    }

    private static func text(_ refusal: Refusal) -> String {
        JSONValue.members(["error": .string(refusal.message), "exit": .number(Int(refusal.exit))]).text()
    }

    private func result(_ ask: String, _ question: JSONValue) throws -> JSONValue {
        switch ask {
        case "hello": .string("linkway")
        case "status": try status()
        case "messages": try messages(question)
        case "message": try message(question)
        case "content": try content(question)
        case "answers": try answers(question)
        case "dead": try deadLetters()
        case "dead-list": try deadList(question)
        case "send": try send(question)
        case "plan": try makePlan(question)
        case "plans": try plans(question)
        case "plan-show": try plan(question)
        case "plan-begin": try beginPlan(question)
        case "plan-step": try takeStep(question)
        case "plan-look": try lookAtPlan(question)
        case "plan-end": try endPlan(question)
        case "pause": try pause(question)
        case "routes": try routes()
        case "sources": try sources()
        case "audit": try audit()
        case "backup": try backup(question)
        case "purge": try purge(question)
        case "reload": .array(reload().map(\.json))
        default: throw Refusal.wrong("there is no question `\(ask)`")
        }
    }

    // MARK: What questions hold

    func text(_ key: String, _ question: JSONValue) throws -> String {
        guard let text = question[key]?.string, !text.isEmpty else { throw Refusal.wrong("`\(key)` is missing") }
        return text
    }

    /// Who asks, for the audit trail.
    func actor(_ question: JSONValue) -> String { question["actor"]?.string ?? "unknown" }

    /// Commits one operation an operator asked for, and says so.
    func perform(_ operation: Operation, _ what: String, _ question: JSONValue) throws {
        let result = try engine.committer.commitAndWait([operation]).first
        if case .refused(let why) = result { throw Refusal(exit: 1, message: why) }
        log.say(.operated, "an operator acted", ["action": .string(what), "actor": .string(actor(question))])
    }
}
