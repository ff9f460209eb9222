import Custody
import Reporting
import Simulation
import Testing

@testable import Gateway

/// Plans, made and run as an operator does.
extension EngineBench {
    /// The question that makes a plan, from `ada`.
    func plan(_ kind: String, _ members: KeyValuePairs<String, JSONValue?>) throws -> JSONValue {
        guard case .object(let more) = JSONValue.members(members) else { return .null }
        let own = [("ask", "plan"), ("kind", kind), ("actor", "ada"), ("reason", "a test")].map {
            JSONValue.Member(key: $0.0, value: .string($0.1))
        }
        let answer = try #require(JSONValue(text: operators.answer(JSONValue.object(more + own).text())))
        return try #require(answer["result"], "\(answer.text())")
    }

    /// Runs a plan as `bo`, with the gateway turning meanwhile.
    /// - Parameter turn: What happens while it waits; it delivers unless told otherwise.
    func run(
        _ plan: JSONValue, isContinuing: Bool = false, turn: (() throws -> Void)? = nil
    ) throws -> (ending: PlanRun.Ending, said: [String], waited: Int) {
        var said: [String] = []
        var waited = 0
        var failure: (any Error)?
        let run = PlanRun(actor: "bo", ask: { try self.answer($0) }) { milliseconds in
            waited += milliseconds
            self.clock.advance(milliseconds: Int64(milliseconds))
            do { if let turn { try turn() } else { self.deliver() } } catch { failure = error }
        } say: {
            said.append($0)
        }
        let ending = try run.run(try #require(plan["id"]?.string), isContinuing: isContinuing)
        if let failure { throw failure }
        return (ending, said, waited)
    }

    private func answer(_ question: JSONValue) throws -> JSONValue {
        let answer = try #require(JSONValue(text: operators.answer(question.text())))
        if let error = answer["error"]?.string { throw Refused(words: error) }
        return try #require(answer["result"])
    }

    /// A question was refused.
    struct Refused: Error, Equatable { var words: String }

    /// Makes a plan about messages and runs it.
    @discardableResult
    func carryOut(
        _ kind: String, _ references: String..., mapping: String = "tried"
    ) throws -> (ending: PlanRun.Ending, said: [String], waited: Int) {
        let plan = try plan(
            kind, ["references": .array(references.map { .string($0) }), "mapping": .string(mapping)])
        return try run(plan)
    }

    /// The items of a plan as they stand: `delivered`, `failed status-400` and the like.
    func outcomes(_ plan: JSONValue) throws -> [String] {
        try result(["ask": "plan-show", "plan": plan["id"]])["items"]?.items.map { item in
            [item["outcome"]?.string, item["why"]?.string].compactMap { $0 }.joined(separator: " ")
        } ?? []
    }
}
