-- Payment requests, planned transfers and files of payments are followed, too.
INSERT INTO sources (partition, stream) VALUES (4, 'PAY');
