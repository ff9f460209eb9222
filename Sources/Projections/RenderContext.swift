package import Referrals

/// What a message says beside its referral. All of it is settled when the delivery is made and kept for every attempt, so
/// that a second attempt sends the same bytes.
package struct RenderContext: Sendable {
    /// One end of the way: an organisation and where its messages go.
    package struct Party: Sendable {
        /// Address for messages: an URL, or `SYSTEM|SERVICE` as BaRS has it.
        package var endpoint: String
        package var odsCode: String?
        package var name: String?

        package init(endpoint: String, odsCode: String? = nil, name: String? = nil) {
            self.endpoint = endpoint
            self.odsCode = odsCode
            self.name = name
        }
    }

    /// What the message is for. A referral says it of itself; a route may say otherwise, as when one that was sent
    /// as new is sent again.
    package enum Event: String, Sendable, CaseIterable {
        case new, update, cancellation
    }

    /// Who sends, from the configuration.
    package var sender: Party
    /// Who is to get it, from the route.
    package var receiver: Party?
    /// The key of the delivery: a UUID in lower case, which is the message's identifier.
    package var messageID: String
    /// When the delivery was made: RFC 3339 with an offset. `nil` for the time the referral itself gives.
    package var sentAt: String?
    /// `nil` for the `kind` of the referral.
    package var event: Event?
    /// The referral an outcome is about, where its content is kept. Nothing of it is sent but who the person is and what
    /// the messages have in common.
    package var about: Referral?
    /// What the receiver knows the whole exchange by.
    package var correlation: String?

    package init(
        sender: Party, receiver: Party? = nil, messageID: String, sentAt: String? = nil, event: Event? = nil
    ) {
        self.sender = sender
        self.receiver = receiver
        self.messageID = messageID
        self.sentAt = sentAt
        self.event = event
    }
}
