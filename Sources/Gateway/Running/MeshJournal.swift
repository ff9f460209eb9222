import Custody
import Intake
import Reporting

/// Keeps what MESH reports of messages we sent beside their deliveries. A message that was not handed over becomes a dead
/// letter: the receiver does not have it, though the outbox took it.
struct MeshJournal: MeshReports {
    let committer: any Committing
    let time: any TimeSource
    let log: Log

    func report(_ report: MeshReport) throws(CustodyError) {
        let verdict = report.isDelivered ? Acknowledgement.Verdict.received : .notDelivered
        let answer = Acknowledgement(
            at: time.wall(), kind: "mesh-report", verdict: verdict, code: report.statusCode,
            cause: AcknowledgementCause.ofMESH(report.statusCode), key: report.localID, digest: report.digest)
        let result = try committer.commitAndWait([.acknowledge(answer)]).first
        guard case .acknowledged(let delivery, isNew: true) = result else { return }
        say(answer, delivery)
    }

    private func say(_ answer: Acknowledgement, _ delivery: DeliveryID?) {
        let fields: KeyValuePairs<String, JSONValue?> = [
            "delivery": delivery.map { .number(Int($0.rawValue)) }, "cause": .string(answer.cause),
        ]
        if !answer.verdict.isNegative {
            log.say(.debug, .answered, "MESH reports that a message was handed over", ["delivery": fields[0].value])
        } else if delivery != nil {
            log.say(
                .error, .dead, "MESH reports that a message was not handed over; the receiver does not have it", fields)
        } else {
            log.say(.warning, .answered, "MESH reports the failure of a message that is not known here", fields)
        }
    }
}
