import { gql } from 'lightning/graphql';

/**
 * The bookings of a record, as the person, as the related record, or as the account of either: what begins today or later,
 * and what began before. A user who may not see `Booking_Id__c` gets an error, which is how we know it. Custom fields have
 * aliases: in an installed package their own names begin with its namespace.
 */
export const BOOKINGS_QUERY = gql`
    query recordBookings($recordId: ID, $ahead: Int, $before: Int) {
        uiapi {
            query {
                ahead: Event(
                    first: $ahead
                    where: {
                        and: [
                            { Booking_Id__c: { ne: null } }
                            { StartDateTime: { gte: { literal: TODAY } } }
                            {
                                or: [
                                    { WhoId: { eq: $recordId } }
                                    { WhatId: { eq: $recordId } }
                                    { AccountId: { eq: $recordId } }
                                ]
                            }
                        ]
                    }
                    orderBy: { StartDateTime: { order: ASC } }
                ) {
                    edges {
                        node {
                            Id
                            Subject {
                                value
                            }
                            StartDateTime {
                                value
                            }
                            EndDateTime {
                                value
                            }
                            status: Event_Status__c @optional {
                                value
                                displayValue
                            }
                            reason: Cancel_Reschedule_Reason__c @optional {
                                value
                            }
                            Owner @optional {
                                ... on User {
                                    Name {
                                        value
                                    }
                                }
                            }
                        }
                    }
                    pageInfo {
                        hasNextPage
                    }
                }
                before: Event(
                    first: $before
                    where: {
                        and: [
                            { Booking_Id__c: { ne: null } }
                            { StartDateTime: { lt: { literal: TODAY } } }
                            {
                                or: [
                                    { WhoId: { eq: $recordId } }
                                    { WhatId: { eq: $recordId } }
                                    { AccountId: { eq: $recordId } }
                                ]
                            }
                        ]
                    }
                    orderBy: { StartDateTime: { order: DESC } }
                ) {
                    edges {
                        node {
                            Id
                            Subject {
                                value
                            }
                            StartDateTime {
                                value
                            }
                            EndDateTime {
                                value
                            }
                            status: Event_Status__c @optional {
                                value
                                displayValue
                            }
                            reason: Cancel_Reschedule_Reason__c @optional {
                                value
                            }
                            Owner @optional {
                                ... on User {
                                    Name {
                                        value
                                    }
                                }
                            }
                        }
                    }
                    pageInfo {
                        hasNextPage
                    }
                }
            }
        }
    }
`;
