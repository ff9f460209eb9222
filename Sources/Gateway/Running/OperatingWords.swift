/// What the words of logs and alerts mean, for those who read them; docs/operating.md is printed from here.
extension Log.Event {
    package var meaning: String {
        switch self {
        case .started: "the gateway takes documents"
        case .stopping: "it takes nothing new and ends what is in hand"
        case .stopped: "it has ended; the words say whether work was left, which the next start does again"
        case .received: "a document is in custody: its sender may forget it"
        case .repeated: "a document that came before; it is delivered once"
        case .held: "a document waits for a person"
        case .refused: "a document could not be used, or was set aside unread for its size"
        case .delivered: "a receiver has a referral (debug)"
        case .retrying: "a try failed; there will be another"
        case .dead: "a delivery was given up and waits for a person, or MESH says that it was not handed over"
        case .answered: "an acknowledgement of something that was sent came; a refusal makes a dead letter"
        case .routeState:
            "how a route stands has changed: `well`, `backing-off`, `stopped`, `paused`, `store-failing`, `draining`"
        case .sourceFailed:
            "a source cannot be worked on (said once), a file waits too long, or a part of the gateway is stuck"
        case .storeFailed: "the store cannot commit; nothing is acknowledged"
        case .storeWell: "the store commits again"
        case .reloaded: "new mappings or settings are in force"
        case .rejected: "a reload was refused; the last good configuration stays in force"
        case .alertOpen: "a condition of the table below began, or grew worse"
        case .alertResolved: "it is over"
        case .operated: "an operator did something; the audit trail says what, who and why"
        case .retired: "content was removed because its time was over"
        case .listening: "the HTTP listeners are open"
        }
    }
}

extension Alert.Name {
    /// When it opens.
    package var condition: String {
        switch self {
        case .referralWaiting: "a delivery has waited for 4 h (warning), for 48 h (critical)"
        case .needsPerson: "a message is held or refused, or a delivery is dead; one alert for each cause"
        case .sourceFailed: "a source cannot be worked on: its folder is gone, closed or full (critical)"
        case .quietSource:
            "a source is silent for longer than 99 of 100 of its own gaps, in working hours (Monday to Friday, 8 to 18 UTC)"
        case .routeDown: "a route has been failing for 5 min"
        case .routeStopped: "a destination said that address, credentials or protocol are wrong (critical)"
        case .pausedLong: "a route or source has been paused for more than a day"
        case .storeFailing: "the store cannot commit (critical)"
        case .diskLow: "less than 10 % of the state's disk is free (warning), less than 5 % (critical)"
        case .configRejected: "the last reload was refused"
        case .backupOld: "no backup went well for 2 days"
        case .certificateExpiring:
            "a certificate the configuration names ends within 30 days (warning), within 7 (critical)"
        case .clockOff:
            "the clock leapt more than 3 days ahead: nothing is removed for its age until it held for 24 h of running"
        case .consentGap: "of 20 referrals of a source or more within 24 h, a fifth or more said nothing of consent"
        }
    }
}
