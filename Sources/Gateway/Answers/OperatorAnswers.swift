import Custody
import Reporting

/// What receivers said of what they were sent, for operators.
extension Operator {
    func answers(_ question: JSONValue) throws -> JSONValue {
        let answers = try engine.custody.ledger.answers(
            isUnmatched: question["isUnmatched"]?.flag ?? false, limit: question["limit"]?.integer ?? 50)
        return .array(answers.map { Self.json($0) })
    }

    static func json(_ answer: AnswerSummary) -> JSONValue {
        .members([
            "at": .string(answer.at.text), "kind": .string(answer.kind), "verdict": .string(answer.verdict.rawValue),
            "code": .text(answer.code), "delivery": (answer.delivery?.rawValue).map { .number(Int($0)) },
            "route": .text(answer.route), "sent": .text(answer.sent), "broughtBy": .text(answer.broughtBy),
            "key": .text(answer.key),
        ])
    }
}
